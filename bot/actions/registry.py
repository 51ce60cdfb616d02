"""Every action of the bot by the name that domain.yml has for it. To add a skill, add its lines."""

from __future__ import annotations

from collections.abc import Mapping

from bot.actions import (
    activities,
    activity_form,
    adding,
    arriving,
    care,
    consenting,
    contact,
    crisis,
    fallback,
    following,
    language,
    linking,
    notices,
    own_data,
    own_shifts,
    passing,
    pauses,
    person,
    procedures,
    profile,
    rating,
    receipts,
    report,
    small_talk,
    subscription,
    wanted,
    withdrawing,
)
from bot.actions.running import Step

FORMS: Mapping[str, Step] = {
    "validate_report_form": report.report,
    "validate_crisis_form": crisis.stay,
    "validate_care_form": care.care,
    "validate_activity_form": activity_form.take_step,
    "validate_add_form": adding.add,
    "validate_withdraw_form": withdrawing.withdraw,
    "validate_rating_form": rating.rate,
    "validate_pass_on_form": passing.pass_on,
    "validate_profile_form": profile.update,
    "validate_subscription_form": subscription.manage,
}
"""One step of each form."""

ANSWERS: Mapping[str, Step] = {
    "action_ack_notice": receipts.take_receipt,
    "action_ask_contact": contact.tell_contact,
    "action_ask_procedure": procedures.answer_question,
    "action_bot_challenge": small_talk.say_what_linli_is,
    "action_change_language": language.change_language,
    "action_check_in": arriving.take_arrival,
    "action_fall_back": fallback.fall_back,
    "action_find_activities": activities.tell_activities,
    "action_follow_need": following.tell_progress,
    "action_goodbye": small_talk.say_goodbye,
    "action_greet": small_talk.greet,
    "action_help_menu": small_talk.show_menu,
    "action_my_data": own_data.tell_own_data,
    "action_my_signups": own_shifts.tell_own_shifts,
    "action_read_notices": notices.tell_notices,
    "action_send_sticker": small_talk.see_sticker,
    "action_stop": small_talk.leave_off,
    "action_talk_to_human": person.call_person,
    "action_thank": small_talk.accept_thanks,
    "action_choose": fallback.take_button,
}
"""What is done once, without a question."""

ACTIONS: Mapping[str, Step] = {
    name: receipts.receipt_first(consenting.consent_first(linking.link_first(wanted.after_community(step))))
    for name, step in (
        *ANSWERS.items(),
        *((form, pauses.after_pause(step)) for form, step in FORMS.items()),
    )
}
