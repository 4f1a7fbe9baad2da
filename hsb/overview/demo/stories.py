"""Stories of the demo borough: each walks one concern down the road as far as it has come, step by step."""

import random
import uuid
from datetime import datetime, time, timedelta

from django.core.files.base import ContentFile
from django.utils import timezone

from hsb.core import clock, uploads
from hsb.core.calendar import add_working_days
from hsb.core.models import Task
from hsb.overview.demo import invented
from hsb.people.models import Team
from referrals.codes import SEND, Disability, Ethnicity, Language, LegalStatus, UPNUnknown
from referrals.models import Involvement, MeetingDecision, PoliceReferral, Referral
from referrals.services import (
    access_requests,
    aim,
    assessing,
    behaviours,
    brook,
    case_documents,
    concern_facts,
    deciding,
    emergencies,
    episodes,
    intake,
    involvements,
    markers,
    meetings,
    notes,
    notifications,
    police,
    police_refusals,
    police_supplements,
    restricting,
    significant,
    urgent,
    working,
)
from referrals.services.deciding import Destination, FamilyAnswer, Judgement
from referrals.services.weighing import Weighed
from referrals.states import (
    BirthPrecision,
    Brook,
    ClosedAs,
    HelpAssessmentOutcome,
    InvolvementRole,
    MeetingDecisionState,
    OfferKind,
    RiskGroup,
    Sex,
    Side,
    YesNoUnknown,
)


class Borough:
    """What all stories share: the people who act, the dice, and names not yet given."""

    def __init__(self, users, seed):
        self.users, self.dice = users, random.Random(seed)  # noqa: S311 (invented people, not secrets)
        self.today = clock.today()
        # The meetings that asked for an intel form, for the chapter that writes them.
        self.tell_the_panel = []
        names = [(given, family) for family in invented.FAMILY for given in invented.GIVEN]
        self.dice.shuffle(names)
        self.names = iter(names)
        # Dice of their own, so that another detail of a child changes no story.
        self.details, self.numbers = random.Random(seed), invented.numbers()  # noqa: S311

    def team(self, slug):
        return Team.objects.get(slug=slug)

    def child(self, youngest=7, oldest=16, **more):
        """Details of a child nobody knows yet."""
        given, family = next(self.names)
        days = self.dice.randrange(youngest * 365 + 5, oldest * 365)
        return {
            "given_name": given,
            "family_name": family,
            "born_on": self.today - timedelta(days=days),
            "birth_precision": BirthPrecision.KNOWN,
            "sex": self.dice.choice([Sex.F, Sex.M, Sex.M]),
            "school": self.dice.choice(invented.SCHOOLS),
            "address": f"{self.dice.randrange(1, 99)} Imaginary Street",
            "postcode": "AA1 1AB",
            **self._identity(),
            **more,
        }

    def _identity(self):
        """What else is known of a child: numbers that are nobody's, codes of the census, not known among them."""
        nhs_number, upn, local_id = next(self.numbers)
        choose = self.details.choice
        return {
            "nhs_number": nhs_number,
            **choose([{"upn": upn}, {"upn": upn}, {"upn_unknown": UPNUnknown.UN6}]),
            "local_id": local_id,
            "ethnicity": choose(Ethnicity.values),
            "disabilities": choose([[Disability.NONE], [Disability.AUT, Disability.LD], [Disability.UNKNOWN]]),
            "first_language": choose([Language.ENGLISH, Language.ENGLISH, Language.UNKNOWN]),
            "interpreter": YesNoUnknown.NO,
            "send": choose(SEND.values),
            "legal_status": choose([LegalStatus.NONE, LegalStatus.NONE, LegalStatus.UNKNOWN]),
            "gp": choose(invented.PRACTICES),
        }


def other_than(worker):
    """The team's other worker: nobody works with both sides of a concern."""
    return "practitioner" if worker == "practitioner2" else "practitioner2"


class Story:
    """One concern. Each method is one deed at the story's present moment; `pause` moves that moment on."""

    def __init__(self, borough, *, days_ago, author="duty", assessor=None):
        self.borough, self.users = borough, borough.users
        self.author = self.users[author]
        self.assessor = self.users[assessor or author]
        self.decider = self.users["dutymanager" if author == "duty" else "manager"]
        day = add_working_days(borough.today, -days_ago) if days_ago else borough.today
        # What begins today began some hours ago: before nine o'clock that is the evening before.
        morning = timezone.make_aware(datetime.combine(day, time(9, 10)))
        self.moment = min(morning, clock.now() - timedelta(hours=3))
        self.began_on = self.day

    def pause(self, working_days=0, hours=1):
        """Later: some hours on, or on the n-th working day; never in the future."""
        if working_days:
            day = add_working_days(timezone.localdate(self.moment), working_days)
            self.moment = timezone.make_aware(datetime.combine(day, time(10, 5)))
        else:
            self.moment += timedelta(hours=hours)
        self.moment = min(self.moment, clock.now())
        return self

    def _do(self, service, *args, **kwargs):
        with clock.moved_to(self.moment):
            done = service(*args, **kwargs)
        self.moment = min(self.moment + timedelta(minutes=11), clock.now())
        return done

    @property
    def day(self):
        return timezone.localdate(self.moment)

    # --- The concern ---
    def log(self, category, *, people=None, place=None, **more):
        """Logs it. By default one child displayed, one was harmed; keeps their references."""
        kind, name = place or self.borough.dice.choice(invented.PLACES)
        child = self.borough.child
        people = people or [
            intake.Newcomer(details=child(9, 16), roles=(InvolvementRole.DISPLAYED,), relationship="Same school"),
            intake.Newcomer(details=child(6, 14), roles=(InvolvementRole.HARMED,), relationship="Same school"),
        ]
        self.category = category
        self.logged = self._do(
            intake.log_concern,
            author=self.author,
            once=uuid.UUID(int=self.borough.dice.getrandbits(128), version=4),
            people=people,
            what_was_reported=invented.REPORTED[category],
            source=self.borough.dice.choice(["2A", "1A", "6", "3C"]),
            reported_on=self.day,
            happened_on=self.day - timedelta(days=self.borough.dice.randrange(0, 4)),
            place_kind=kind,
            place_name=name,
            protection_needed=more.pop("protection_needed", "no"),
            **more,
        )
        by_side = {}
        for referral in self.logged.opened:
            by_side.setdefault(referral.side, referral.reference)
        self.displayed = by_side.get(Side.DISPLAYED) or by_side.get(Side.BOTH)
        self.harmed = by_side.get(Side.HARMED)
        self.unknown = by_side.get(Side.NOT_YET_KNOWN)
        return self

    def begin(self, reference, by=None):
        return self._do(assessing.begin_assessment, reference, actor=by or self.assessor)

    def assess(self, by=None):
        """Completes and submits the assessment of the child who displayed."""
        assessment = self.begin(self.displayed, by)
        return self._complete(assessment, by or self.assessor, self.category)

    def _complete(self, assessment, by, category):
        referral = Referral.at(self.displayed).get()
        expected = referral.pathway().response_for(category)
        known = referral.behaviours().exists()
        if not known:
            self._do(
                behaviours.add_behaviour,
                assessment.reference,
                actor=by,
                concern=self.logged.concern,
                description=invented.BEHAVIOUR[category],
                category=category,
                contexts=["school", "peer"],
                happened_on=self.logged.concern.happened_on,
            )
        else:
            for behaviour in referral.behaviours():
                self._do(
                    behaviours.rate_behaviour,
                    assessment.reference,
                    actor=by,
                    behaviour=behaviour,
                    category=category,
                )
        indicators = [i.code for i in expected.indicators[:2]]
        self._page(assessment, by, "category", category=category, indicators=indicators)
        if self.borough.dice.random() < 0.7 and by.trainings.exists():
            self._page(
                assessment,
                by,
                "brook",
                brook=expected.brook,
                brook_on=self.day,
                brook_age_group="9 to 13",
                brook_tool_version="Present edition",
            )
        else:
            self._page(assessment, by, "brook", brook=Brook.NOT_USED)
        if category in "123":
            self._page(
                assessment,
                by,
                "context",
                context_displayed="Lives with family; settled at school until this term.",
                context_harmed="Known through school; no earlier concern.",
                age_and_power="About the same age; the other child is quieter.",
            )
            self._page(assessment, by, "strengths", protective_factors="Talks to a trusted teacher; parents listen.")
            risk = {f"risk_{group}": "no" for group in RiskGroup.values} | {"risk_younger": "unknown"}
            self._page(assessment, by, "risk", risk_statement="Other children at school, while unsupervised.", **risk)
        if referral.has_safety_page:
            self._safety_pages(assessment, by)
        self._page(assessment, by, "threshold", tier=expected.tier, rationale=invented.RATIONALE[category])
        self._do(assessing.submit, assessment.reference, actor=by)
        return self

    def _page(self, assessment, by, page, **answers):
        self._do(assessing.save_page, assessment.reference, actor=by, page=page, answers=answers)

    def _safety_pages(self, assessment, by):
        self._page(assessment, by, "safety", safety_now=invented.SAFETY, safety_contact="No contact at school.")
        self._page(
            assessment, by, "support", support_needed=invented.SUPPORT, wishes="To be believed, and left in peace."
        )

    def look_after(self, tier=None, by=None):
        """Completes and submits the safety and support page of the child who was harmed."""
        by = by or self.assessor
        expected = Referral.at(self.harmed).get().pathway().response_for(self.category)
        assessment = self.begin(self.harmed, by)
        self._safety_pages(assessment, by)
        self._page(
            assessment, by, "threshold", tier=tier or expected.tier, rationale="What this child needs, seen on its own."
        )
        self._do(assessing.submit, assessment.reference, actor=by)
        return self

    def attach_to(self, reference):
        self._do(
            intake.attach,
            self.displayed,
            actor=self.decider,
            to_reference=reference,
            reason="The child already has a referral: one worker, one plan.",
        )
        return self

    # --- The decision ---
    def to_early_help(self, reference=None, worker="earlyhelp"):
        family = FamilyAnswer(agreed=True, given_by="Parent", given_on=self.day)
        weighed = Judgement(
            options_considered="Early Help with the family; support by school alone.",
            relied_on="The assessment, and what school says of the weeks since.",
            childs_views="Wants to talk to somebody who is not at school.",
            parents_views="One parent agrees; the other could not be reached yet.",
        )
        self._allocate(reference or self.displayed, "hazel", worker, family=family, judgement=weighed)
        return self

    def to_statutory(self, reference=None, worker="practitioner2", team="willow", judgement=None):
        self._allocate(reference or self.displayed, team, worker, judgement=judgement)
        return self

    def _allocate(self, reference, team, worker, **more):
        destination = Destination(team=self.borough.team(team), worker=self.users[worker] if worker else None)
        self._do(deciding.allocate, reference, actor=self.decider, destination=destination, **more)

    def return_it(self, reference=None):
        self._do(
            deciding.return_to_worker,
            reference or self.displayed,
            actor=self.decider,
            reason="Please say more about what protects this child, and who was told.",
        )
        return self

    def not_hsb(self, others=()):
        self._do(
            deciding.accept_not_hsb,
            self.displayed,
            actor=self.decider,
            reason="Expected at this age; both families were told.",
            judgement=Judgement(),
            others=others,
        )
        for reference in (self.displayed, *others):
            self._tell_referrer(reference, self.author)
        return self

    def advise(self, reference, closed_as=ClosedAs.NO_SERVICE):
        family = None
        if closed_as == ClosedAs.AGREEMENT_REFUSED:
            family = FamilyAnswer(agreed=False, given_by="Parent", given_on=self.day, note="Will ask again if needed.")
        self._do(
            deciding.close_with_advice,
            reference,
            actor=self.decider,
            closed_as=closed_as,
            reason="School keeps an eye on it; the family knows where to turn.",
            family=family,
        )
        self._tell_referrer(reference, self.author)
        return self

    # --- With a service ---
    def start(self, worker="practitioner2"):
        """The worker starts with the child who displayed; so does the other child's, where one was named."""
        for reference, by in ((self.displayed, self.users[worker]), (self.harmed, None)):
            referral = Referral.at(reference).select_related("worker").first() if reference else None
            spell = referral.open_allocation() if referral else None
            if spell is not None and spell.worker_id and spell.work_started_on is None:
                self._start_one(reference, by or referral.worker)
        return self

    def name(self, reference, worker, manager="manager"):
        self._do(working.name_worker, reference, actor=self.users[manager], worker=self.users[worker])
        return self

    def _start_one(self, reference, worker):
        self._do(working.start_work, reference, actor=worker, started_on=self.day)
        self._tell_referrer(reference, worker)

    def _tell_referrer(self, reference, by):
        """Once for each referral: whoever takes it over later finds it done."""
        if Referral.at(reference).filter(record__tasks__in=Task.objects.open().filter(kind="tell_referrer")).exists():
            self._do(intake.tell_referrer, reference, actor=by, told_on=self.day, how="By telephone.")

    def refuse(self, manager, reference=None):
        self._do(
            working.refuse_allocation,
            reference or self.displayed,
            actor=self.users[manager],
            reason="No worker is free this week, and this cannot wait.",
        )
        return self

    def ask_step_up(self):
        self.offered = self._do(
            working.offer,
            self.displayed,
            actor=self.users["earlyhelp"],
            kind=OfferKind.STEP_UP,
            to_team=self.borough.team("willow"),
            reason="The behaviour was repeated at home after the plan began.",
        )
        return self

    def ask_step_down(self):
        self.offered = self._do(
            working.offer,
            self.displayed,
            actor=self.users["manager"],
            kind=OfferKind.STEP_DOWN,
            to_team=self.borough.team("hazel"),
            reason="The plan has worked; the family wants to go on with Early Help.",
            family=FamilyAnswer(agreed=True, given_by="Parent", given_on=self.day),
            weighed=Weighed(
                options_considered="Another three months with social work; Early Help with the same school.",
                relied_on="The reviews of the plan, and what school says of the last weeks.",
                childs_views="Wants fewer people, and to keep seeing the mentor at school.",
                parents_views="Both agree, and know whom to ring.",
            ),
        )
        return self

    def accept(self, manager, tier=None, worker=None):
        self._do(
            working.accept_offer,
            self.offered.reference,
            actor=self.users[manager],
            answer="Agreed: this is the right service now.",
            tier=tier,
            worker=self.users[worker] if worker else None,
        )
        return self

    def assess_help(self, worker):
        """The Early Help assessment is complete."""
        self._do(
            working.finish_service_step,
            self.displayed,
            actor=self.users[worker],
            kind="early_help_assessment",
            done_on=self.day,
            done_by="The family worker, with the school's mentor",
            outcome="Home and school agree what helps; nobody else has to be asked.",
            follows=HelpAssessmentOutcome.PLAN,
        )
        return self

    def reassess(self, category, worker):
        by = self.users[worker]
        assessment = self._do(assessing.begin_reassessment, self.displayed, actor=by)
        return self._complete(assessment, by, category)

    def approve_reassessment(self, manager):
        self._do(deciding.decide_reassessment, self.displayed, actor=self.users[manager], approve=True)
        return self

    def find(self, reference, *, status, basis, manager):
        """A manager records how sure the child's part is."""
        self._do(
            involvements.set_status,
            reference,
            actor=self.users[manager],
            part=Involvement.objects.get(referral__record__reference=reference).pk,
            status=status,
            basis=basis,
            since=self.day,
            reason="The police told us the outcome.",
        )
        return self

    def complete(self, reference, worker):
        """What became known of the concern later: who reported it, and in whose area it happened."""
        concern = Involvement.objects.filter(referral__record__reference=reference).order_by("pk").first().concern
        self._do(
            concern_facts.correct_concern,
            reference,
            actor=self.users[worker],
            concern=concern.reference,
            facts={"reported_by": "The head of year, by telephone", "borough": "ours"},
            reason="The school told us who saw it first.",
        )
        return self

    def propose_closing(self, worker, reference=None):
        self._do(
            working.propose_closing,
            reference or self.displayed,
            actor=self.users[worker],
            closed_as=ClosedAs.PLAN_MET,
            plan_met=True,
            what_changed="No new concern for three months; school and home agree.",
            reason="The plan is met and the risk was rated again.",
        )
        return self

    def close(self, manager, reference=None):
        self._do(
            working.close,
            reference or self.displayed,
            actor=self.users[manager],
            reason="Agreed: the plan is met.",
            weighed=Weighed(
                options_considered="Going on for three months; support by school alone.",
                relied_on="The rating of the risk this month, and the last review.",
                childs_views="Is glad that it ends.",
                parents_views="Not asked today: they agreed at the last review.",
            ),
        )
        return self

    def reopen(self, worker):
        self._do(episodes.reopen, self.displayed, actor=self.users[worker], reason="School has a new worry.")
        return self

    # --- What runs beside ---
    def call_police(self, reference=None, emergency=False):
        self._do(
            urgent.record_police_call,
            reference or self.displayed,
            actor=self.assessor,
            once=uuid.uuid4(),
            emergency=emergency,
            called_on=self.day,
            spoke_to="Duty sergeant",
            what_was_said="That a concern was reported and where the children are.",
            advice="Say nothing to the family before the police have called.",
            advice_for=[self.logged.concern.reference],
        )
        return self

    def protect(self, reference=None):
        self._do(
            urgent.record_protection,
            reference or self.harmed,
            actor=self.assessor,
            once=uuid.uuid4(),
            what="The children were kept apart; an adult stays with each of them.",
            done_on=self.day,
            who_was_told="Both parents and the head teacher",
        )
        return self

    def bring(self, worker, *, title, kind, came_from, words, reference=None, **more):
        """A document about the child, as plain text."""
        self._do(
            case_documents.add,
            reference or self.displayed,
            actor=self.users[worker],
            once=uuid.uuid4(),
            upload=uploads.read(ContentFile(words.encode(), name="invented.txt")),
            kind=kind,
            title=title,
            came_from=came_from,
            dated_on=self.day,
            **more,
        )
        return self

    def follow_up(self, worker, reference=None):
        referral = Referral.at(reference or self.harmed).get()
        self._do(
            urgent.follow_up_protection,
            referral.reference,
            actor=self.users[worker],
            protection=referral.protections.latest("pk"),
            follow_up="Seen at home and at school: the arrangement holds.",
            followed_up_on=self.day,
        )
        return self

    def mark(self, worker, kind, reason, *, confirmed):
        """A marker on the child who displayed, agreed with the team's manager."""
        referral = Referral.at(self.displayed).get()
        marker = self._do(
            markers.add_marker,
            referral.reference,
            actor=self.users[worker],
            once=uuid.uuid4(),
            person=referral.person.reference,
            kind=kind,
            reason=reason,
            agreed_by=self.users["manager"],
            review_on=add_working_days(self.borough.today, 20),
            person_told_on=self.day,
            parent_not_told_because="Nobody was at home: to be told at the next visit.",
        )
        if confirmed:
            told = {"person": referral.person.reference, "number": marker.number}
            self._do(markers.confirm_marker, referral.reference, actor=self.users["manager"], agreed=True, **told)
        return self

    # --- Form 87A ---

    def _police_referral(self):
        return PoliceReferral.objects.filter(concern=self.logged.concern).latest("pk").reference

    def draft_87a(self, urgency="today"):
        self._do(
            police.draft,
            self._police_referral(),
            actor=self.assessor,
            on=self.displayed,
            content=police.Draft(
                recipient="Borough police, child abuse investigation",
                urgency=urgency,
                known=self.logged.concern.what_was_reported,
                asked="What is known of the people named here, and a strategy discussion.",
                basis="without",
                consent="Nobody was asked yet: the police asked to speak to the children first.",
                discussion_on=self.day,
            ),
        )
        return self

    def return_87a(self):
        self._do(
            police.return_to_drafter,
            self._police_referral(),
            actor=self.decider,
            reason="Say when the school was told, and by whom.",
        )
        return self

    def approve_87a(self, urgency="today"):
        self.draft_87a(urgency)._do(police.approve, self._police_referral(), actor=self.decider)
        return self

    def send_87a(self):
        self.approve_87a()._do(
            police.record_sent,
            self._police_referral(),
            actor=self.assessor,
            sent_to="Borough police, child abuse investigation",
            sent_how="Secure e-mail",
            sent_on=self.day,
        )
        return self

    def acknowledge_87a(self):
        self._do(
            police.acknowledge,
            self._police_referral(),
            actor=self.assessor,
            acknowledged_on=self.day,
            police_reference=f"CAD {self.logged.concern.reference[-4:]}",
            officer="The duty officer",
        )
        return self

    def refuse_87a(self):
        self._do(
            police.refuse,
            self._police_referral(),
            actor=self.assessor,
            refused_on=self.day,
            refused_by="The duty officer",
            reason="The place and the day are not in it.",
            done=police_refusals.Done(kind="resend", said="The school is asked for both; it goes out again today."),
        )
        return self

    def supplement_87a(self):
        """Something new came to light after it went out: drafted, approved, sent and acknowledged."""
        reference = self._police_referral()
        self._do(
            police_supplements.draft,
            reference,
            actor=self.assessor,
            on=self.displayed,
            content=police.Draft(
                recipient="Borough police, child abuse investigation",
                urgency="discussion",
                known="The school has found out who else was in the corridor.",
                asked="What is known of them.",
                basis="without",
                consent="Nobody was asked yet: the police asked to speak to the children first.",
                risks_to_staff="None is known.",
                discussion_on=self.day,
            ),
        )
        self._do(police_supplements.approve, reference, actor=self.decider)
        self._do(
            police_supplements.record_sent,
            reference,
            actor=self.assessor,
            sent_to="Borough police, child abuse investigation",
            sent_how="Secure e-mail",
            sent_on=self.day,
        )
        self._do(
            police_supplements.acknowledge,
            reference,
            actor=self.assessor,
            acknowledged_on=self.day,
            police_reference=f"CAD {self.logged.concern.reference[-4:]}",
        )
        return self

    def hear_from_police(self):
        """The police told us of the child by themselves."""
        self._do(
            notifications.record,
            self.displayed,
            actor=self.assessor,
            once=uuid.uuid4(),
            received_on=self.day,
            unit="Invented borough unit",
            officer="The duty officer",
            police_reference="INVENTED 12",
            how="email",
            says="Officers spoke to the child and a parent at home, and told the school.",
            concern=self.logged.concern.reference,
        )
        return self

    def excuse_87a(self, exit_="not_sent_because", reason=""):
        self._do(
            police.excuse,
            self._police_referral(),
            actor=self.decider,
            exit_=exit_,
            reason=reason or "The police brought the concern and hold everything the form would say.",
            weighed=Weighed(
                options_considered="Sending it all the same.",
                relied_on="The call, and what the police told us.",
                childs_views="Not asked: it is about which paper goes to the police.",
                parents_views="Not asked: the police speak with them themselves.",
            ),
        )
        return self

    def decide_meeting(self, convene, manager="manager"):
        """Decides on every request of the story's children that waits: one meeting looks at all of them."""
        waiting = MeetingDecision.objects.filter(
            referral__record__reference__in=[self.displayed, self.harmed], state=MeetingDecisionState.REQUESTED
        )
        for decision in waiting.order_by("pk"):
            self._do(
                meetings.decide_meeting,
                decision.reference,
                actor=self.users[manager],
                convene=convene,
                reason="Reasonable cause to suspect significant harm."
                if convene
                else "No cause to suspect significant harm.",
                weighed=Weighed(
                    options_considered="A meeting of the network; a telephone discussion with the police.",
                    relied_on="The assessment, and what school says.",
                    childs_views="Not asked: no harm is suspected that a meeting would look at.",
                    parents_views="Not asked, for the same reason.",
                ),
            )
        return self

    def ask_for_meeting(self, by):
        self._do(
            meetings.request_meeting,
            self.displayed,
            actor=self.users[by],
            grounds="What the other child said gives reasonable cause to suspect significant harm.",
        )
        return self

    def restrict(self, reference=None, manager="manager", reader="practitioner2"):
        """`reader` is named too: only who is named can be given the child."""
        self._do(
            restricting.restrict,
            reference or self.displayed,
            actor=self.users[manager],
            reason="A parent works for the council.",
            readers=[self.users[reader]],
        )
        return self

    def break_glass(self, who, reference=None):
        """Somebody of another team opens the record in an emergency; a manager's review waits."""
        self._do(
            emergencies.break_glass,
            reference or self.displayed,
            actor=self.users[who],
            reason="The hospital asks who may collect the child, and nobody of the team answers.",
        )
        return self

    def ask_access(self, who, days, reference=None):
        """Somebody of another team asks to read the record; a manager's answer waits."""
        self._do(
            access_requests.ask,
            reference or self.displayed,
            actor=self.users[who],
            reason="A younger child of my team goes to the same club: I need the plan for it.",
            days=days,
            once=uuid.uuid4(),
        )
        return self

    # --- Notes ---
    def write_note(self, reference, author, said, readers=()):
        """A final note; its key follows from what it says, so that no dice are thrown for it."""
        self.note = self._do(
            notes.write_note,
            reference,
            actor=self.users[author],
            once=uuid.uuid5(uuid.NAMESPACE_OID, f"{reference} {said['text']}"),
            happened_on=self.day,
            readers=[self.users[reader] for reader in readers],
            **said,
        )
        return self

    def correct_note(self, by, text, reason):
        self._do(
            notes.correct_note,
            self.note.reference,
            actor=self.users[by],
            once=uuid.uuid5(uuid.NAMESPACE_OID, f"{self.note.reference} {text}"),
            text=text,
            reason=reason,
        )
        return self

    # --- AIM assessments ---
    def record_aim(self, referral, author, said):
        self._do(
            aim.record_aim,
            referral.reference,
            actor=self.users[author],
            once=uuid.uuid5(uuid.NAMESPACE_OID, f"{referral.reference} {said['summary']}"),
            assessor=self.users[author],
            started_on=min(timezone.localdate(referral.received_at), self.day),
            completed_on=self.day,
            **said,
        )
        return self

    # --- Brook colours ---
    def record_brook(self, referral, author, said):
        self._do(
            brook.record_brook,
            referral.reference,
            actor=self.users[author],
            once=uuid.uuid5(uuid.NAMESPACE_OID, f"{referral.reference} {said['summary']}"),
            found_by=self.users[author],
            found_on=self.day,
            **said,
        )
        return self

    # --- Significant events ---
    def record_event(self, reference, author, said, days_before=0):
        self.event = self._do(
            significant.record_event,
            reference,
            actor=self.users[author],
            once=uuid.uuid5(uuid.NAMESPACE_OID, f"{reference} {said['text']}"),
            happened_on=self.day - timedelta(days=days_before),
            **said,
        )
        return self

    def correct_event(self, by, text, reason):
        self._do(
            significant.correct_event,
            self.event.reference,
            actor=self.users[by],
            once=uuid.uuid5(uuid.NAMESPACE_OID, f"{self.event.reference} {text}"),
            text=text,
            reason=reason,
        )
        return self
