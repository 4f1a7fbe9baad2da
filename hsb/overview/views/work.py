"""The start pages of those who work with cases: my work, and my team's."""

from hsb.core.borough_words import police_form_short
from hsb.core.fetched import fetch
from hsb.core.pages import Page
from hsb.core.riding import riding
from hsb.overview.selectors import tasks, work
from hsb.overview.selectors.open_referrals import OpenReferrals
from hsb.overview.selectors.work import tile
from hsb.people.selectors import training
from hsb.people.states import CASE_ROLES, Role
from referrals.selectors import reassigning
from referrals.selectors.concerns import begun_concerns, unfinished_concerns
from referrals.selectors.filters import Filters
from referrals.selectors.lists import COLUMNS, asking_list, referral_list
from referrals.selectors.notes import begun_pages, unfinished_notes

LATE_SHOWN = 10
TASKS_SHOWN = 20


class MyWork(Page):
    template_name = "overview/my_work.html"
    title = "My work"

    def context(self):
        rows = tasks.task_rows(self.user)
        assessments, concerns, notes = fetch(
            work.assessments_in_work(self.user), begun_concerns(self.user), begun_pages(self.user)
        )
        return {
            "own_tasks": rows["own"],
            "decisions": rows["decisions"],
            "team_tasks": rows["teams"],
            "tasks_shown": tasks.SHOWN if rows["more"] else 0,
            "task_columns": tasks.TASK_COLUMNS,
            "unfinished": work.unfinished_assessment_rows(assessments),
            "unfinished_columns": work.UNFINISHED_COLUMNS,
            "unfinished_concerns": work.unfinished_concern_rows(unfinished_concerns(concerns)),
            "unfinished_notes": work.unfinished_note_rows(unfinished_notes(notes, self.user)),
            "concern_columns": work.UNFINISHED_CONCERN_COLUMNS,
            "mine": referral_list(self.user, Filters(mine="1")),
            "mine_url": Filters(mine="1").address(),
            "columns": COLUMNS,
            "manages": self.user.has_role(Role.MANAGER),
            "works_cases": self.user.has_role(*CASE_ROLES),
            "holds_meetings": self.user.has_role(Role.CHAIR, Role.MINUTE_TAKER),
        }


class TeamWork(Page):
    template_name = "overview/team_work.html"
    title = "Team work"

    def context(self):
        late_ones = Filters(late="1")
        with riding(
            OpenReferrals.asking(self.user),
            work.seats_of(self.user).asking(),
            asking_list(self.user, late_ones, size=LATE_SHOWN),
            *tasks.asking_team_tasks(self.user, TASKS_SHOWN),
            training.ending_of(self.user).asking(),
            reassigning.orders_of(self.user).asking(),
        ):
            return self._found(late_ones)

    def _found(self, late_ones):
        referrals, seats = OpenReferrals(self.user), work.seats_of(self.user).rows()
        left = work.left_behind(self.user, referrals, seats)
        deciding, allocating = (work.waiting_table(referrals, code) for code in ("decision", "worker"))
        late = referral_list(self.user, late_ones, size=LATE_SHOWN, counted=(referrals.late, referrals.late))
        not_sent, outstanding = Filters(box="police-outstanding"), referrals.police_outstanding
        with riding(work.WORKERS.asking(self.user, left)):
            team_tasks, leavers = tasks.team_task_rows(self.user, TASKS_SHOWN), work.leaver_rows(self.user, left)
        return {
            "tiles": [
                tile(deciding["total"], "waiting for a decision", deciding["url"], deciding["late"]),
                tile(allocating["total"], "waiting for a worker", allocating["url"], allocating["late"]),
                tile(late["count"], "open and late", late_ones.address()),
                tile(outstanding, f"{police_form_short()} not sent", not_sent.address(), red=bool(outstanding)),
            ],
            "team_tasks": team_tasks,
            "team_tasks_caption": work.team_tasks_caption(team_tasks),
            "team_task_columns": tasks.TEAM_TASK_COLUMNS,
            "deciding": deciding,
            "allocating": allocating,
            "late": late,
            "late_url": late_ones.address(),
            "columns": COLUMNS,
            "caseloads": work.caseloads(referrals, seats),
            "caseload_columns": work.CASELOAD_COLUMNS,
            "leavers": leavers,
            "leaver_columns": work.LEAVER_COLUMNS,
            "trainings": training.ending(self.user),
            "training_columns": training.ENDING_HEAD,
            "orders": work.order_rows(self.user),
            "order_columns": reassigning.ORDERS_COLUMNS,
        }
