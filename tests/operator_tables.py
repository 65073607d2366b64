"""What may be in the life of a case, as tables of their own: nothing of `domain` is read here (glossary, section 4)."""

I, R, D, H, F, B, X = "intake", "registration", "dispatch", "handling", "feedback", "callback", "closed"  # noqa: E741
LIVING = (I, R, D, H, F, B)
NEVER = ()

FITS = {
    "respond": LIVING,
    "change_first_contact": LIVING,
    "clarify": (I, R, D),
    "register": (I, R),
    "classify": (I, R, D),
    "reclassify": LIVING,
    "dispatch": (D,),
    "grab": (D,),
    "accept": (D, H),
    "return": (D, H),
    "transfer": (D, H),
    "add_assignment": (D, H),
    "complete_assignment": (D, H),
    "cancel_assignment": (D, H),
    "promise": LIVING,
    "arrive": (H,),
    "quote": (H,),
    "agree_to_price": (H,),
    "decline_price": (H,),
    "flag_conflict": LIVING,
    "record_conflict_step": LIVING,
    "record_mediation": LIVING,
    "give_plan": (I, R, D, H, F),
    "complete_rectification": (H,),
    "sign_off": (H,),
    "refuse_sign_off": (H,),
    "suspend": (H,),
    "resume": (H,),
    "request_suspension": (H,),
    "approve_suspension": (H,),
    "refuse_suspension": (H,),
    "assign_responsibility": LIVING,
    "complete_handling": (H,),
    "check_contractor_work": (H,),
    "give_feedback": (I, R, D, H, F),
    "countersign": (B,),
    "record_callback": (B, X),
    "record_attempt": (B,),
    "open_recovery": (*LIVING, X),
    "complete_recovery": (*LIVING, X),
    "reopen": (B, X),
    "urge": LIVING,
    "withdraw": LIVING,
    "merge": LIVING,
    "unmerge": LIVING,
    "confirm_incident": (I,),
    "dismiss_incident": (I, D, H),
    "attach_to_incident": LIVING,
    "detach_from_incident": (*LIVING, X),
    "give_mass_notice": (R, D, H, F),
    "absorb": NEVER,
    "solve_together": NEVER,
    "end_incident": NEVER,
    "acknowledge": (*LIVING, X),
    "excuse": (*LIVING, X),
    "reclock": LIVING,
    "name_arrears_cause": LIVING,
    "verify": (*LIVING, X),
    "note": (*LIVING, X),
}
"""In which stages a command can be accepted at all; what is never accepted of a person the house does by itself."""
RULES_ALONE = {name for name, stages in FITS.items() if stages == NEVER}
OF_THE_ASSIGNEE = {"accept", "return", "arrive", "quote", "suspend", "resume", "request_suspension"}
"""Nobody else can do these; a supervisor alone may let a case go on."""
SUPERVISED = {"resume"}
OF_RECEIVERS = {"accept", "return"}
OF_PARENTS_ALONE = {"confirm_incident", "dismiss_incident", "give_mass_notice"}
OWNERS_OWN = {
    "respond",
    "clarify",
    "register",
    "give_feedback",
    "record_callback",
    "urge",
    "withdraw",
    "reopen",
    "merge",
}
"""Words with an owner, and what follows from them: of an incident there is none."""
OF_THE_MERGED = {
    *("respond", "change_first_contact", "give_feedback", "countersign", "record_callback", "record_attempt"),
    *("reopen", "withdraw", "acknowledge", "excuse", "open_recovery", "complete_recovery", "verify"),
    *("merge", "unmerge"),
}
"""What a merged case still does itself, for its own reporter waits; all else reaches the case that has the work."""
HANDS = {"dispatched", "grabbed", "accepted", "transferred", "returned"}
MOVES = {
    "registered": ((I, R), D),
    "incident_confirmed": ((I,), D),
    "accepted": ((D, H), H),
    "grabbed": ((D,), H),
    "handling_completed": ((H,), F),
    "reopened": ((B, X), D),
    "closed": (LIVING, X),
}
"""What moves a case on: from which stages, to which."""
WAITED_FOR = {
    "register": (I, R),
    "dispatch": (D,),
    "accept": (D, H),
    "arrive": (H,),
    "handling": (D, H),  # whoever has it: it runs on when the work is given back
    "result_feedback": (F,),
    "callback": (B,),
    "recovery": (*LIVING, X),
    "verify": (*LIVING, X),
}
"""Where a clock can run at all: nobody is late with what he can't do there. Any other runs while the case is open."""
OF_THE_WORK = {"register", "dispatch", "accept", "arrive", "handling", "rectify", "sign_off"}
"""Clocks of the work: a merged case has none that runs, for another case does its work."""
CONTRACTORS = {"usr_S23"}
LEAVES = {"returned", "reopened", "transferred", "accepted", "closed"}
CHECKERS = {"contractor_supervisor", "service_manager", "project_manager"}
"""Whose work counts only after a look, what ends that, and who looks (HND-12)."""
REASONS = {
    "merged": {"merged"},
    "survivor-merged": {"merged"},
    "merged-went-on": {"solved_together"},
    "solved-with-it": {"solved_together"},
    "already-attached": {"attached_to_incident"},
    "incident-unconfirmed": {"incident_proposed"},
    "result-noticed": {"mass_notice_given"},
    "already-dispatched": {"dispatched", "grabbed"},
    "already-grabbed": {"dispatched", "grabbed"},
    "transfer-waits": {"transferred"},
    "assignments-open": {"assignment_added"},
    "work-awaits-check": {"completion_reported"},
    "price-not-agreed": {"quoted"},
    "sign-off-owed": {"plan_given"},
    "order-closed": {"closed"},
}
"""What must have happened where a command is refused for it; one of these, in one of the cases it is about."""
SAYS = {"clock_warned", "clock_breached", "escalated"}
ANSWERS = {"responded", "feedback_given", "callback_recorded", "withdrawn"}
"""One of these stands in every life that is over: the owner was told, was asked, or did not want it any more."""
