"""When the neutral summary was recorded in the borough's main system."""

from hsb.core.forms import CaseForm, DateField, VersionedForm


class CopiedForm(VersionedForm, CaseForm):
    copied_on = DateField(
        label="Recorded in the main system on",
        ask="Enter the day on which you recorded it there",
        subject="The day",
        not_future=True,
    )
    submit = "Record the copy"
