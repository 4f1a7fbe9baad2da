"""The pages of mapping meetings, said in words: the list, one meeting with its map, what its forms offer."""

from datetime import date
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.urls import reverse

from hsb.core import access, clock, composed, words
from hsb.core.addresses import address
from hsb.core.called import Called
from hsb.core.fetched import fetch
from hsb.core.models import AccessGrant, Action
from hsb.core.states import Because
from hsb.core.timescales import timescale
from hsb.people.models import Membership, User
from hsb.people.states import Role
from panels import permissions
from panels.models import MapNode, MappingMeeting
from panels.selectors import mapping_deeds as deeds
from panels.selectors.drawing import drawing
from panels.selectors.mapping_content import ADDRESSES, referrals_of
from panels.selectors.mapping_reading import NOT_YOURS, hiders
from panels.states import MAPPABLE, MAPPING_OVER, MAPPING_TO_COME, MappingState
from referrals.models import Involvement, Person
from referrals.selectors import people
from referrals.selectors.found import found_persons as found_by
from referrals.states import InvolvementStatus

SHOWN = 50
LINKS_UNFOLDED = 6  # the picture says the most of them; the table of more is folded
LIST_COLUMNS = ("Meeting", "About", "Chair", "How it stands")
NODE_COLUMNS = ("Number and name", "What it is", "What matters here", "Change")
LINK_COLUMNS = ("Link", "Rests on", "Who says so, and when", "How sure", "Until", "Change")
ACTION_COLUMNS = ("Action", "Who and by when", "State")
TASK_COLUMNS = ("What", "Whose", "By when")
# What the list can be narrowed to: address -> (states, title, what an empty one says).
SECTIONS = {
    "to_come": (MAPPING_TO_COME, "To come", "No mapping meeting that you may open is planned."),
    "running": (
        (MappingState.HELD,),
        "Held, and being mapped",
        "No map is being completed. One that was held stands here until it is closed.",
    ),
    "over": (
        MAPPING_OVER,
        "Closed and cancelled",
        "No mapping meeting that you may open was closed. Who held one reads it for some weeks.",
    ),
}


# --- The list ---------------------------------------------------------------------------------------------------------


def mapping_page(user, show="", late=False, after=""):
    """{"sections": [{"title", "rows", "empty", "next_url", "first_url"}], "filters", "call_url"}; each section at most
    SHOWN rows, of one section those after the meeting of the reference `after`."""
    chosen = [show] if show in SECTIONS else list(SECTIONS)
    after = after if len(chosen) == 1 else ""
    return {
        "columns": LIST_COLUMNS,
        "size": SHOWN,
        "sections": _sections(user, chosen, late, after),
        "filters": [
            {"text": "All", "url": reverse("panels:mapping_list"), "current": show not in SECTIONS},
            *(
                {"text": title, "url": section_url(code), "current": code == show}
                for code, (_, title, _) in SECTIONS.items()
            ),
        ],
        "call_url": reverse("panels:call_mapping") if permissions.can_call_mapping(user) else "",
    }


def section_url(code, **more):
    asked = urlencode({"show": code, **{name: value for name, value in more.items() if value}})
    return f"{address('panels:mapping_list')}?{asked}"


def section(user, code):
    """The meetings of one section of the list that `user` may open."""
    return MappingMeeting.objects.visible_to(user).filter(state__in=SECTIONS[code][0])


def _sections(user, chosen, late, after):
    last = MappingMeeting.objects.visible_to(user).filter(record__reference=after).first() if after else None
    pages = fetch(*(_page(user, code, late, last) for code in chosen))
    hide = hiders([meeting for page in pages for meeting in page[:SHOWN]], user)
    return [_section(code, page, late, last, hide) for code, page in zip(chosen, pages, strict=True)]


def _page(user, code, late, last):
    """The meetings of a section from after `last` on, and one more than are shown."""
    found, latest_first = section(user, code), code == "over"
    if late:
        found = found.filter(_late())
    if last is not None:
        found = found.filter(_after(last, latest_first))
    order = ("-state_since", "-pk") if latest_first else ("planned_on", "pk")
    return found.select_related("record", "chair", "group", "concern").order_by(*order)[: SHOWN + 1]


def _section(code, page, late, last, hide):
    _, title, empty = SECTIONS[code]
    if late:
        title = f"{title}, late"
    rows, more = page[:SHOWN], len(page) > SHOWN
    some = f", the next {SHOWN}" if last is not None and more else f", the first {SHOWN}" if more else ""
    asked = {"late": "1" if late else ""}
    return {
        "title": f"{title}{some}",
        "rows": _rows(rows, hide),
        "empty": empty if last is None else "Nothing is left on this page. Go back to the first ones.",
        "next_url": section_url(code, **asked, after=rows[-1].reference) if more else "",
        "first_url": section_url(code, **asked) if last is not None else "",
    }


def _after(last, latest_first):
    """What stands after the meeting `last` in its section."""
    if latest_first:
        return Q(state_since__lt=last.state_since) | Q(state_since=last.state_since, pk__lt=last.pk)
    return Q(planned_on__gt=last.planned_on) | Q(planned_on=last.planned_on, pk__gt=last.pk)


def of_child(referral, user):
    """{"columns", "rows", "meetings_url"}: the meetings on whose map the child stands, the latest first."""
    nodes = MapNode.objects.filter(person=referral.person_id, taken_out_at__isnull=True)
    found = MappingMeeting.objects.visible_to(user).filter(pk__in=nodes.values("meeting"))
    rows = list(found.select_related("record", "chair", "group", "concern").order_by("-planned_on", "-pk")[:SHOWN])
    return {
        "columns": LIST_COLUMNS,
        "rows": _rows(rows, hiders(rows, user)),
        "meetings_url": reverse("strategy_meetings:of_referral", args=[referral.reference]),
    }


def _late():
    """Not held on its day; or its map not completed in time."""
    today = clock.today()
    return Q(record__tasks__done_at__isnull=True, record__tasks__cancelled_at__isnull=True) & Q(
        record__tasks__kind__in=("hold_mapping", "complete_map"), record__tasks__due_on__lt=today
    )


def _rows(meetings, hide):
    return [_row(meeting, focus_in_words(meeting, hide[meeting.pk])) for meeting in meetings]


def _row(meeting, focus):
    return [
        {
            "text": when_in_words(meeting),
            "url": reverse("panels:mapping", args=[meeting.reference]),
            "hidden": f"{meeting.reference}: mapping meeting about {focus}",
            "note": meeting.reference,
        },
        {"text": sentence(focus)},
        {"text": meeting.chair.name},
        {"text": "", "tags": [{"text": meeting.get_state_display(), "meaning": _meaning(meeting)}]},
    ]


def _meaning(meeting):
    if meeting.state in MAPPING_OVER:
        return "quiet"
    if meeting.state in MAPPING_TO_COME and meeting.planned_on < clock.today():
        return "late"
    return "open" if meeting.state in MAPPING_TO_COME else "soon"


# Box of the flowchart -> the section of the list that it counts.
BOXES = {"mapping-planned": "to_come", "mapping-running": "running"}


def counts(user):
    """{box: {"number", "late", "url"}} for the flowchart: the counts of the list's own rows, in one query."""
    sums = {}
    for code in BOXES.values():
        of_it = Q(state__in=SECTIONS[code][0])
        sums[code] = Count("record", filter=of_it, distinct=True)
        sums[f"{code}_late"] = Count("record", filter=of_it & _late(), distinct=True)

    def row():
        return composed.sums(MappingMeeting.objects.visible_to(user), **sums)

    found = composed.kept(("mapping counts", access.rights_today(user)), row).sums()
    return {
        box: {"number": found[code], "late": found[f"{code}_late"], "url": section_url(code)}
        for box, code in BOXES.items()
    }


MAPS = Called(
    rows=lambda user: MappingMeeting.objects.visible_to(user).values("pk", "held_on", "planned_on"),
    said=lambda row: f"Mapping meeting of {words.day(row['held_on'] or row['planned_on'])}",
)


def when_in_words(meeting):
    """The day it was held, or is to be held."""
    if meeting.held_on:
        return f"Held on {words.day(meeting.held_on)}"
    if meeting.state == MappingState.POSTPONED:
        return f"Postponed from {words.day(meeting.planned_on)}"
    return f"On {words.day(meeting.planned_on)}"


def focus_in_words(meeting, hide):
    """`hide` is the reader's own (MapReading.hide, hiders): a group may be called by a child's name."""
    if meeting.group_id:
        return f"the group “{hide(meeting.group.name)}”"
    return f"the incident reported on {words.day(meeting.concern.reported_on)}"


def sentence(text):
    return f"{text[:1].upper()}{text[1:]}"


# --- The frame --------------------------------------------------------------------------------------------------------


def mapping_frame(reading, here=""):
    """What every page of a mapping meeting shows around its content (strategy_meetings/frame.html): plain data."""
    meeting = reading.meeting
    return {
        "reference": meeting.reference,
        "title": "Mapping meeting",
        "url": reverse("panels:mapping", args=[meeting.reference]),
        "facts": [
            when_in_words(meeting),
            f"About {focus_in_words(meeting, reading.hide)}",
            f"Chaired by {meeting.chair.name}",
            meeting.get_state_display(),
        ],
        "tags": [{"text": "Restricted", "meaning": "restricted"}] if meeting.record.restricted else [],
        "next": _next_step(reading, here),
        "deeds": deeds_of(reading, here),
    }


def deeds_of(reading, here=""):
    """[{"text", "url"}] of what the reader can do on the meeting now, but for the page they are on."""
    return [
        {"text": each.deed.words, "url": url}
        for each in deeds.standings(reading.meeting, reading.user)
        if not each.unmet and (url := deeds.url_of(each.deed.code, reading.meeting)) != here
    ]


def _next_step(reading, here):
    meeting = reading.meeting
    code = deeds.NEXT.get(meeting.state)
    if code is None:
        return None
    task = next((task for task in reading.tasks if task.kind in ("hold_mapping", "complete_map")), None)
    incomplete = meeting.state == MappingState.HELD and (reading.unanswered() or not reading.nodes)
    asked = meeting.keeper if incomplete else meeting.chair
    said = {"text": deeds.DEEDS[code].words, "who": f"{asked.name} does this", "when": "", "late": False}
    if incomplete:
        said["text"] = "Complete the map: an action for every person, or why there is none"
    if task is not None:
        said |= {"when": words.due(task.due_on), "late": task.due_on < clock.today()}
    if incomplete:
        if not permissions.can_map(meeting, reading.user):
            return said
        on_it = here == reverse("panels:mapping", args=[meeting.reference])
        where = "this page" if on_it else "the meeting's page"
        return said | {"who": _whose(asked, reading.user, f", on {where}")}
    standing = deeds.standing(meeting, reading.user, code)
    if not standing.shows:
        return said
    url = deeds.url_of(code, meeting)
    if url == here:
        return said | {"who": _whose(asked, reading.user, ", on this page"), "here": True}
    return said | {"who": _whose(asked, reading.user), "url": url, "button": standing.deed.words}


def _whose(asked, user, where=""):
    """Whose it is, said to `user`, who may do it: who was asked, where that is somebody else who is still here."""
    mine = asked.pk == user.pk or not asked.is_active
    return f"Yours to do{where}" if mine else f"{asked.name} does this. You may do it too{where}"


# --- One meeting ------------------------------------------------------------------------------------------------------


def overview(reading):
    """The meeting's own page: its words, its map, the same as tables, its people with what is agreed."""
    meeting, user = reading.meeting, reading.user
    maps = meeting.state in MAPPABLE and permissions.can_map(meeting, user)
    map_links = [{"text": deeds.DEEDS[code].words, "url": deeds.url_of(code, meeting)} for code in deeds.ON_THE_MAP]
    tasks = _task_rows(reading)
    return {
        "jumps": _jumps(reading, tasks),
        "folds_links": len(reading.links) > LINKS_UNFOLDED,
        "other_deeds": [deed for deed in deeds_of(reading) if deed not in map_links],
        "summary": _summary(reading),
        "whole": reading.whole,
        "drawing": drawing(reading.nodes, reading.links, title=f"Map of {meeting.reference}"),
        "map_links": map_links if maps else [],
        "node_columns": NODE_COLUMNS if maps else NODE_COLUMNS[:-1],
        "nodes": [_node_row(node, meeting, maps) for node in reading.nodes],
        "link_columns": LINK_COLUMNS if maps else LINK_COLUMNS[:-1],
        "links": [_link_row(link, meeting, maps) for link in reading.links],
        "persons": [_person(node, meeting, maps) for node in reading.persons],
        "action_columns": ACTION_COLUMNS,
        "missing": missing_in_words(reading) if meeting.state in MAPPABLE else [],
        "taken_out": [
            {"label": out["what"], "value": f"{out['because']} ({out['by']}, {out['on']})"}
            for out in reading.taken_out()
        ],
        "frozen": _frozen(meeting),
        "task_columns": TASK_COLUMNS,
        "tasks": tasks,
    }


def _jumps(reading, tasks):
    """Where the parts of a long page stand, with how many there are of each."""
    every = (
        ("on-the-map", "People, places and groups", len(reading.nodes)),
        ("links", "Links", len(reading.links)),
        ("agreed", "What is agreed for each person", len(reading.persons)),
        ("open-tasks", "Open tasks", len(tasks)),
    )
    return [{"anchor": anchor, "text": f"{text} ({number})"} for anchor, text, number in every if number]


def missing_in_words(reading):
    """Sentences of what is missing before it can close; the persons are named where the reader reads them."""
    unanswered = reading.unanswered()
    said = [] if reading.nodes else ["Put at least one person, place or group on the map."]
    if unanswered:
        named = words.listed([f"{node.name} ({node.number})" for node in unanswered])
        number = words.count(len(unanswered), "person", "people")
        verb = "has" if len(unanswered) == 1 else "have"
        said.append(sentence(f"{number} on the map {verb} neither an action nor a reason for none: {named}."))
    return said


def _frozen(meeting):
    if meeting.state != MappingState.CLOSED:
        return None
    snapshot = meeting.snapshot
    return {"digest": snapshot.digest[:12], "at": snapshot.made_at, "by": snapshot.made_by.name}


def _summary(reading):
    meeting = reading.meeting
    rows = [{"label": "About", "value": sentence(focus_in_words(meeting, reading.hide))}]
    if reading.whole:
        rows += [
            {"label": "Purpose", "value": reading.own_words("purpose")},
            {"label": "What it is to answer", "value": reading.own_words("question")},
        ]
    rows += [
        {"label": "When", "value": when_in_words(meeting)},
        {"label": "Called by", "value": meeting.called_by.name},
        {"label": "Chair", "value": meeting.chair.name},
        {"label": "Keeps the map up to date", "value": meeting.keeper.name},
    ]
    if reading.whole:
        rows.append({"label": "Named to read it", "values": _named(meeting), "empty": "Nobody else"})
        rows.append({"label": "Who came", "value": reading.own_words("attended")})
    return rows


def _named(meeting):
    standing = AccessGrant.objects.filter(access.live(), record=meeting.record, because=Because.MAPS)
    holding = [user.pk for user in meeting.holders]
    found = User.objects.filter(pk__in=standing.values("user")).exclude(pk__in=holding).order_by("name")
    return list(found.values_list("name", flat=True))


def _node_row(node, meeting, maps):
    cell = {"text": f"{node.number}. {node.name}", "anchor": f"node-{node.number}"}
    if node.opens_referral:
        cell |= {"url": reverse("referrals:case", args=[node.referral]), "hidden": "open the referral"}
    what = {"person": "Person", "place": "Place", "group": "Group"}[node.kind]
    row = [cell, {"text": what, "note": node.about}, {"text": node.note if node.shown else NOT_YOURS}]
    if maps:
        row.append(_change(node.shown, "map_take_out", meeting, node.number, node.name))
    return row


def _link_row(link, meeting, maps):
    if link.words is None:
        said = f"{link.number}. {link.one.name} ({link.one.number}) and {link.other.name} ({link.other.number})"
        row = [{"text": said}, *({"text": NOT_YOURS} for _ in range(4))]
    else:
        row = _said(link)
    if maps:
        hidden = f"link {link.number}"
        row.append(_change(link.words is not None, "map_take_out_link", meeting, link.number, hidden))
    return row


def _said(link):
    said = link.words
    until = date.fromisoformat(said["until"]) if said["until"] else None
    return [
        {
            "text": f"{link.number}. {link.one.name} ({link.one.number}) {said['kind']} "
            f"{link.other.name} ({link.other.number})"
        },
        {"text": said["basis_in_words"]},
        {"text": said["said_by"], "note": words.day(date.fromisoformat(said["said_on"]))},
        {"text": said["reliability"]},
        {"text": words.day(until) if until else "No end is known"},
    ]


def _change(shown, code, meeting, number, hidden):
    if not shown:
        return {"text": ""}
    return {"text": "Take out", "url": reverse(f"panels:{code}", args=[meeting.reference, number]), "hidden": hidden}


def _person(node, meeting, maps):
    """A person's part of the page: what is agreed; the pages on which it is agreed."""
    agrees = maps and node.shown and meeting.state == MappingState.HELD
    args = [meeting.reference, node.number]
    return {
        "name": f"{node.number}. {node.name}",
        "shown": node.shown,
        "actions": [_action_row(action, meeting, agrees) for action in node.actions],
        "no_action_because": node.no_action_because,
        "add_url": reverse("panels:mapping_add_action", args=args) if agrees else "",
        "none_url": reverse("panels:mapping_no_action", args=args) if agrees and not node.actions else "",
    }


def _action_row(action, meeting, agrees):
    due_on = date.fromisoformat(action["due_on"])
    who = {"text": action["who"], "note": f"{action['agency']}, by {words.day(due_on)}"}
    if action["done_on"]:
        return [action["what"], who, {"text": f"Done on {words.day(date.fromisoformat(action['done_on']))}"}]
    if agrees:
        url = reverse("panels:mapping_drop_action", args=[meeting.reference, action["number"]])
        return [action["what"], who, {"text": "Take back", "url": url, "hidden": action["what"]}]
    return [action["what"], who, {"text": "Open" if meeting.state != MappingState.CLOSED else "Open at the closing"}]


def _task_rows(reading):
    """What is still to be done on the meeting itself; an action for somebody whom the reader does not read is not."""
    meeting, today, rows = reading.meeting, clock.today(), []
    actions = {
        f"{meeting.reference}-{action.number}": action
        for action in Action.objects.open().filter(record=meeting.record, source=meeting.record)
    }
    for task in reading.tasks:
        title = {"text": timescale(task.kind).title}
        if task.kind == "action":
            action = actions.get(task.about)
            node = reading.node(int(action.about)) if action else None
            if node is None or not node.shown:
                continue
            title = {"text": reading.hide(action.what), "note": f"For {node.name}"}
            if permissions.can_do_mapping_action(meeting, reading.user, action):
                title["url"] = reverse("panels:mapping_action", args=[meeting.reference, action.number])
        late = [{"text": "Late", "meaning": "late"}] if task.due_on < today else []
        whose = task.owner.name if task.owner_id else "Nobody is named"
        rows.append([title, {"text": whose}, {"text": words.due(task.due_on), "tags": late}])
    return rows


# --- What its forms offer ---------------------------------------------------------------------------------------------


def chairs(*and_also):
    """[(reference, name)] of who can chair: the specialist chairs, and these users."""
    current = Membership.objects.current(clock.today()).filter(role=Role.CHAIR, user__is_active=True)
    found = dict(current.order_by("user__name").values_list("user__reference", "user__name"))
    for user in (each for each in and_also if each.is_active):
        found.setdefault(user.reference, user.name)
    return list(found.items())


def offered_persons(reading):
    """The people of the focus incident whom the reader may open and who are not on the map: rows to pick from."""
    meeting = reading.meeting
    if meeting.concern_id is None:
        return []
    on_it = meeting.standing_nodes().filter(person__isnull=False).values("person")
    parts = Involvement.objects.filter(concern=meeting.concern_id).exclude(status=InvolvementStatus.UNFOUNDED)
    visible = Person.objects.visible_to(reading.user).filter(pk__in=parts.values("person")).exclude(pk__in=on_it)
    held = referrals_of([person.pk for person in visible])
    return [
        {
            "name": person.known_as,
            "known_as": "",
            "said": "Part of the incident",
            "held": f"Referral {held[person.pk].reference}" if person.pk in held else "No referral",
            "matches": "",
            "button": "Put on the map",
            "pick": people.pick_of(reading.user, person.reference),
        }
        for person in visible.select_related("record").order_by("pk")
    ]


def found_persons(reading, reference):
    """What the reader's own search of that id gave (B8): {"said", "rows", "masked"}; None where it is not theirs."""
    kept = found_by(reading.user, reference)
    return kept and {**kept, "rows": [{**row, "button": "Put on the map"} for row in kept["rows"]]}


def offered_place(reading):
    """Where the focus incident happened, as the place form begins: never an address, and not what is on the map."""
    concern = reading.meeting.concern
    if concern is None or concern.place_id is None or concern.place.kind in ADDRESSES:
        return {}
    if not access.opens(reading.user, concern):
        return {}
    if reading.meeting.standing_nodes().filter(place=concern.place_id).exists():
        return {}
    place = concern.place
    return {"kind": place.kind, "name": place.name, "postcode": place.postcode}


def choices_of_nodes(reading):
    """[(number, "3. Robin Sample")] of what the reader reads on the map."""
    return [(str(node.number), f"{node.number}. {node.name}") for node in reading.nodes if node.shown]


def people_of(reading, node):
    """[(reference, name)] of the users who can be given something to do for a person on the map.

    Of a child with a referral: whoever has the child, and who of the meeting may open it. Of anybody else: who of the
    meeting may open the meeting.
    """
    meeting = reading.meeting
    named = User.objects.filter(
        pk__in=AccessGrant.objects.filter(access.live(), record=meeting.record, because=Because.MAPS).values("user")
    )
    referral = reading.held.get(node.person)
    if referral is not None and referral.is_open:
        users = access.who_open(named, referral)
        users += [referral.worker] if referral.worker_id else []
    else:
        users = access.who_open(named, meeting)
    return sorted({user.reference: user.name for user in users}.items(), key=lambda item: item[1])
