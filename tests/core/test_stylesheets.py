"""What is left out of a style sheet goes, and nothing else does."""

import pytest

from hsb.core.stylesheets import components_of, without


def no_tabs(component):
    return component in ("govuk-tabs", "moj-banner")


@pytest.mark.parametrize(
    ("css", "left"),
    [
        (".govuk-tabs{color:red}", ""),
        (".govuk-tabs__item--on>a:hover{color:red}", ""),
        (".govuk-tabs-other{color:red}", ".govuk-tabs-other{color:red}"),
        (".govuk-tag{a:b}.govuk-tabs{c:d}p{e:f}", ".govuk-tag{a:b}p{e:f}"),
        (".govuk-tag,.govuk-tabs a,p{a:b}", ".govuk-tag,p{a:b}"),
        (".govuk-frontend-supported .govuk-tabs{a:b}", ""),
        ("p:not(.govuk-tabs,.x){a:b}", ""),
        ("p:is(a,b),i{a:b}", "p:is(a,b),i{a:b}"),
        ("@media print{.govuk-tabs{a:b}}", ""),
        ("@media (min-width:40em){.govuk-tabs{a:b}.moj-tag{c:d}}", "@media (min-width:40em){.moj-tag{c:d}}"),
        ("@supports (a:b){@media print{.moj-banner{a:b}p{c:d}}}", "@supports (a:b){@media print{p{c:d}}}"),
        ('a{b:"}.govuk-tabs{";c:url(x.svg)}', 'a{b:"}.govuk-tabs{";c:url(x.svg)}'),
        (":root{--govuk-tabs:1px}", ":root{--govuk-tabs:1px}"),
        ("@keyframes govuk-tabs{from{a:b}to{c:d}}", "@keyframes govuk-tabs{from{a:b}to{c:d}}"),
        ("", ""),
    ],
)
def test_what_names_a_component_that_is_left_out_goes(css, left):
    assert without(css, no_tabs) == left


def test_the_component_of_a_part_or_a_kind_is_the_whole():
    assert components_of(".govuk-tag--red .moj-timeline__item:hover,.other") == {"govuk-tag", "moj-timeline"}
