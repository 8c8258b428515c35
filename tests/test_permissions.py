"""Every page of the product x every role: one table. A new address fails here until somebody has said who may use it.

200 the page, 302 done and led on, 403 the role may not, 404 the role may but this one thing is not there or not his,
405 wrong method, 409/422 let in and refused for its content. Administration pages send strangers to a sign-in (302).
"""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.api import make_client
from tests.factories import grant, make_job, make_list_entry, make_profile, make_subscriber

ROLES = ("agent", "supervisor", "analyst", "manager", "administrator")
EVERYONE = (200, 200, 200, 200, 200)

#                                agent sup. anal. man. adm.
READ = {
    "portal:home":               (302, 302, 200, 200, 200),
    "core:preferences":          EVERYONE,
    "core:password":             EVERYONE,
    "core:administration":       (403, 200, 403, 200, 200),
    "core:people":               (403, 200, 403, 200, 200),
    "core:person":               (403, 200, 403, 200, 200),
    **{f"core:{name}":           (403, 403, 403, 403, 200) for name in ("person-new", "person-edit")},
    **{f"core:staff-{name}":     (403, 200, 403, 200, 200) for name in ("branches", "groups", "roles")},
    **{f"core:staff-group-{name}": (403, 403, 403, 403, 200) for name in ("new", "edit")},
    "core:branch-options":       EVERYONE,
    "core:api-clients":          (403, 403, 403, 403, 200),
    "core:api-client-new":       (403, 403, 403, 403, 200),
    "core:api-client":           (403, 403, 403, 403, 200),
    "batches:list":              (403, 403, 200, 200, 200),
    "batches:batch":             (403, 403, 404, 404, 404),
    "batches:waiting":           (403, 403, 200, 200, 200),
    "core:export":               (404, 404, 404, 404, 404),
    "core:export-file":          (404, 404, 404, 404, 404),
    "core:notices":              EVERYONE,
    "core:notice-bell":          EVERYONE,
    "core:notice-preferences":   EVERYONE,
    "core:notice":               (404, 404, 404, 404, 404),
    "core:jobs":                 (403, 403, 200, 200, 200),
    "core:job":                  (403, 403, 200, 200, 200),
    "core:job-progress":         (403, 403, 200, 200, 200),
    "core:webhooks":             (403, 403, 403, 403, 200),
    "core:webhook":              (403, 403, 403, 403, 404),
    "customers:list":            EVERYONE,
    "customers:detail":          EVERYONE,
    "imports:list":              (403, 403, 403, 403, 200),
    "imports:new":               (403, 403, 403, 403, 200),
    "imports:mappings":          (403, 403, 403, 403, 200),
    **{f"imports:{name}":        (403, 403, 403, 403, 404) for name in (
        "detail", "sheet", "columns", "mapping", "preview", "rejected",
    )},
    "campaigns:scenarios":       (403, 403, 200, 200, 200),
    "campaigns:scenario":        (403, 403, 404, 404, 404),
    "glossary:fields":           (403, 403, 200, 200, 200),
    "glossary:field":            (403, 403, 404, 404, 404),
    "care:calendar":             (403, 403, 200, 200, 200),
    "care:carenotices":          (403, 403, 200, 200, 200),
    "care:carenotice":           (403, 403, 404, 404, 404),
    "care:carenotice-new":       (403, 403, 403, 200, 200),
    "care:carenotice-edit":      (403, 403, 403, 404, 404),
    "care:carenotice-copy":      (403, 403, 403, 404, 404),
    "campaigns:scenario-try":    (403, 403, 404, 404, 404),
    "backtests:scenario":        (403, 403, 404, 404, 404),
    "evaluation:uplift":         (403, 403, 200, 200, 200),
    "evaluation:campaign":       (403, 404, 404, 404, 404),
    "campaigns:rule-values":     (403, 403, 403, 200, 200),
    "campaigns:scenario-new":    (403, 403, 403, 200, 200),
    "campaigns:scenario-edit":   (403, 403, 403, 404, 404),
    "campaigns:scenario-branches": (403, 403, 403, 404, 404),
    "campaigns:scenario-versions": (403, 403, 404, 404, 404),
    "campaigns:scenario-copy":   (403, 403, 403, 404, 404),
    "segments:segmentations":    (403, 200, 200, 200, 200),
    **{f"segments:{name}":       (403, 404, 404, 404, 404) for name in (
        "segmentation", "migration", "lines", "lines-at", "moved", "cell",
    )},
    "segments:segmentation-new": (403, 403, 403, 200, 200),
    **{f"segments:segmentation-{name}": (403, 403, 403, 404, 404) for name in ("edit", "copy")},
    **{f"campaign:{name}":       (403, 200, 200, 200, 200) for name in ("campaigns", "plan", "calendar")},
    **{f"campaign:{name}":       (403, 404, 404, 404, 404) for name in ("campaign", "members")},
    **{f"campaign:{name}":       (403, 403, 403, 200, 200) for name in ("campaign-new", "plan-new")},
    **{f"campaign:{name}":       (403, 403, 403, 404, 404) for name in ("campaign-edit", "campaign-copy", "plan-edit")},
    "campaign:hold-out":         (403, 200, 403, 200, 200),
    "cohorts:cohorts":           (403, 403, 200, 200, 200),
    "cohorts:mine":              (200, 200, 403, 403, 403),
    **{f"cohorts:{name}":        (403, 403, 404, 404, 404) for name in ("cohort", "members", "member")},
    "cohorts:cohort-new":        (403, 403, 403, 200, 200),
    **{f"cohorts:cohort-{name}": (403, 403, 403, 404, 404) for name in ("edit", "copy", "freeze", "share-out")},
    "outreach:policy":           (403, 200, 403, 200, 200),
    "outreach:policy-edit":      (403, 403, 403, 403, 200),
    "outreach:find":             EVERYONE,
    "outreach:line":             EVERYONE,
    "offers:offers":             EVERYONE,
    "offers:offer":              (404, 404, 404, 404, 404),
    "offers:offer-eligible":     (404, 404, 404, 404, 404),
    "offers:offer-new":          (403, 403, 403, 200, 200),
    "offers:ceilings":           EVERYONE,
    "offers:offer-limits":       (403, 403, 403, 404, 404),
    "workorders:offer-requests": (403, 200, 403, 200, 200),
    "offers:offer-edit":         (403, 403, 403, 404, 404),
    "offers:offer-copy":         (403, 403, 403, 404, 404),
    **{f"knowledge:{name}":     EVERYONE for name in ("articles", "suggestions")},
    **{f"knowledge:{name}":     (404, 404, 404, 404, 404) for name in ("article", "compare", "suggestion")},
    "knowledge:calls":           (403, 404, 404, 404, 404),
    "knowledge:article-new":     (403, 200, 403, 200, 200),
    **{f"knowledge:article-{name}": (403, 404, 403, 404, 404) for name in ("edit", "copy", "versions")},
    "workorders:knowledge":      (404, 404, 403, 403, 403),
    **{f"messages:{name}":      (403, 200, 200, 200, 200) for name in ("messages", "queue", "messagetemplates")},
    **{f"messages:{name}":      (403, 404, 404, 404, 404) for name in ("message", "messagetemplate")},
    "messages:messagetemplate-new": (403, 403, 403, 200, 200),
    **{f"messages:messagetemplate-{name}": (403, 403, 403, 404, 404) for name in ("edit", "copy")},
    **{f"customer_lists:{name}": (403, 403, 403, 200, 200) for name in (
        "kinds", "entries", "entry", "ownlists", "ownlist-new",
    )},
    **{f"customer_lists:{name}": (403, 403, 403, 404, 404) for name in ("ownlist", "ownlist-edit", "ownlist-copy")},
    "list_files:load":           (403, 403, 403, 200, 200),
    **{f"own_fields:{name}":     (403, 403, 403, 403, 200) for name in ("list", "new")},
    "own_fields:edit":           (403, 403, 403, 403, 404),
    **{f"order_types:{name}":    (403, 200, 403, 200, 200) for name in ("types", "dispositions")},
    "order_types:type":          (403, 404, 403, 404, 404),
    "order_types:type-edit":     (403, 403, 403, 403, 404),
    "order_types:disposition-new": (403, 403, 403, 403, 200),
    "order_types:disposition-edit": (403, 403, 403, 403, 404),
    "pauses:codes":              (403, 200, 403, 200, 200),
    "pauses:code-new":           (403, 403, 403, 403, 200),
    "pauses:code-edit":          (403, 403, 403, 403, 404),
    **{f"allocation:{name}":     (403, 200, 403, 200, 200) for name in ("rules", "skills")},
    **{f"allocation:{name}":     (403, 403, 403, 200, 200) for name in ("rule-new", "skill-new")},
    **{f"allocation:{name}":     (403, 403, 403, 404, 404) for name in ("rule-edit", "skill-edit")},
    "allocation:agent-edit":     (403, 404, 403, 404, 404),
    "allocation:targets":        (403, 200, 403, 200, 200),
    "allocation:target-edit":    (403, 404, 403, 404, 404),
    **{f"absences:{name}":       (403, 200, 403, 200, 200) for name in ("list", "new")},
    "absences:edit":             (403, 404, 403, 404, 404),
    **{f"clocks:{name}":         (403, 200, 403, 200, 200) for name in ("workcalendars", "board")},
    "clocks:workcalendar":       (403, 404, 403, 404, 404),
    "clocks:workcalendar-new":   (403, 403, 403, 200, 200),
    **{f"clocks:workcalendar-{name}": (403, 403, 403, 404, 404) for name in ("edit", "copy")},
    "clocks:type":               (403, 403, 403, 403, 404),
    **{f"inspections:{name}":    (403, 200, 200, 200, 200) for name in ("routes", "faults", "inspectionplans")},
    "inspections:inspectionplan": (403, 404, 404, 404, 404),
    "inspections:inspectionplan-new": (403, 200, 403, 200, 200),
    **{f"inspections:{name}":    (403, 404, 403, 404, 404) for name in (
        "inspectionplan-edit", "inspectionplan-copy", "visit-move",
    )},
    "documents:documents":       (403, 200, 403, 200, 200),
    **{f"documents:{name}":      (404, 404, 403, 404, 404) for name in ("document", "file")},
    "documents:document-new":    (403, 200, 403, 200, 200),
    **{f"documents:document-{name}": (403, 404, 403, 404, 404) for name in ("edit", "copy")},
    "surveys:questionnaires":    (403, 200, 200, 200, 200),
    **{f"surveys:{name}":        (403, 404, 404, 404, 404) for name in ("questionnaire", "preview")},
    "visits:history":            (403, 200, 200, 200, 200),
    "survey_results:results":    (403, 404, 404, 404, 404),
    "surveys:new":               (403, 403, 403, 200, 200),
    **{f"surveys:{name}":        (403, 403, 403, 404, 404) for name in ("edit", "copy")},
    "flows:new":                 (403, 403, 403, 403, 200),
    **{f"flows:{name}":          (403, 404, 403, 404, 404) for name in ("flow", "trial")},
    "flows:draft":               (403, 403, 403, 403, 404),
    "workorders:step":           (404, 404, 404, 404, 404),
    "workorders:call":           (404, 404, 403, 403, 403),
    "workorders:appointment-load": (404, 404, 403, 403, 403),
    "workorders:message":        (404, 404, 403, 403, 403),
    "workorders:appointments":   (200, 200, 403, 403, 403),
    "workorders:recording":      (404, 404, 404, 404, 404),
    "workorders:console":        (200, 200, 403, 403, 403),
    "workorders:preview":        (200, 200, 403, 403, 403),
    "workorders:list":           (200, 200, 403, 403, 403),
    "workorders:mine":           (200, 200, 403, 403, 403),
    "workorders:my-contacts":    (200, 200, 403, 403, 403),
    "workorders:order":          (404, 404, 404, 404, 404),
    "workorders:background":     (404, 404, 403, 403, 403),
    "workorders:supervise":      (403, 200, 403, 200, 200),
    "wallboard:wall":            (403, 200, 403, 200, 200),
    "desk_messages:desk":        (200, 200, 403, 403, 403),
    "inbound:look-up":           (200, 200, 403, 403, 403),
    "inbound:lookups":           (403, 200, 403, 200, 200),
    **{f"desk_messages:{name}":  (403, 200, 403, 200, 200) for name in ("messages", "write")},
    "desk_messages:receipts":    (403, 404, 403, 404, 404),
    **{f"quality:{name}":        (403, 200, 200, 200, 200) for name in (
        "reviews", "results", "scoresheets", "samplerules",
    )},
    "quality:review":            (403, 404, 404, 404, 404),
    "quality:choose":            (403, 404, 403, 404, 404),
    "quality:mine":              (200, 200, 403, 403, 403),
    "quality:own":               (404, 404, 403, 403, 403),
    **{f"quality:{name}":        (403, 200, 403, 200, 200) for name in ("calibrations", "calibration-new")},
    "quality:calibration":       (403, 404, 403, 404, 404),
    **{f"quality:{name}":        (403, 404, 404, 404, 404) for name in ("scoresheet", "samplerule")},
    **{f"quality:{name}-new":    (403, 403, 403, 200, 200) for name in ("scoresheet", "samplerule")},
    **{f"quality:{name}-{way}":  (403, 403, 403, 404, 404) for name in ("scoresheet", "samplerule")
       for way in ("edit", "copy")},
    "task_log:log":              (403, 200, 403, 200, 200),
    **{f"performance:{name}":    (403, 200, 403, 200, 200) for name in ("performance", "contacts", "pauses")},
    "workorders:floor":          (403, 200, 403, 200, 200),
    "saved_views:open":          (403, 404, 403, 404, 404),
    "workorders:bulk-runs":      (403, 200, 403, 200, 200),
    "workorders:bulk-run":       (403, 404, 403, 404, 404),
    "workorders:agent-day":      (403, 404, 403, 404, 404),
    "analytics:churn":           (403, 403, 200, 200, 200),
    "analytics:monitor":         (403, 403, 200, 200, 200),
    "analytics:version":         (403, 403, 404, 404, 404),
    **{f"analytics:{name}":      (403, 403, 200, 200, 200) for name in ("watch", "watch-months", "watch-alarms")},
    "analytics:lists":           (403, 403, 200, 200, 200),
    "analytics:list":            (403, 403, 404, 404, 404),
    "analytics:planner":         (403, 403, 200, 200, 200),
    "analytics:planner-lines":   (403, 403, 200, 200, 200),
    "analytics:groups":          (403, 403, 200, 200, 200),
    "analytics:win-back":        (403, 403, 200, 200, 200),
    "analytics:second-sims":     (403, 403, 200, 200, 200),
    "analytics:circles":         (403, 403, 200, 200, 200),
    "analytics:circle":          (403, 403, 404, 404, 404),
    "analytics:group":           (403, 403, 404, 404, 404),
    **{f"analytics:{name}":      (403, 403, 200, 200, 200) for name in (
        "reports", "risk-by-plan", "branches", "scenario-backtests",
    )},
    "analytics:what-if":         (403, 403, 404, 404, 404),
    "analytics:value":           (403, 403, 200, 200, 200),
    "analytics:edit-terms":      (403, 403, 403, 200, 200),
    "analytics:edit-treatment":  (403, 403, 403, 200, 200),
    "analytics:adopt-acceptance": (403, 403, 403, 405, 405),
    "analytics:add-experiment":  (403, 403, 403, 200, 200),
    "analytics:withdraw-experiment": (403, 403, 403, 404, 404),
    "analytics:outcomes":        (403, 403, 200, 200, 200),
    "analytics:factors":         (403, 403, 200, 200, 200),
    "analytics:outcome-define":  (403, 403, 403, 403, 200),
}  # fmt: skip
# Sent without their data: whoever is let in is told what is missing.
WRITE = {
    "batches:settle":            (403, 403, 403, 403, 404),
    "batches:take-back":         (403, 403, 403, 404, 404),
    "logout":                    (302, 302, 302, 302, 302),
    "core:job-again":            (403, 403, 403, 403, 404),
    **{f"core:person-{move}":    (403, 403, 403, 403, 302) for move in ("switch", "unlock")},
    "core:person-password":      (403, 403, 403, 403, 200),
    "core:api-client-create":    (403, 403, 403, 403, 422),
    "core:api-client-change":    (403, 403, 403, 403, 422),
    "core:api-client-rotate":    (403, 403, 403, 403, 200),
    "core:api-client-revoke":    (403, 403, 403, 403, 302),
    **{f"flows:{name}":          (403, 403, 403, 403, 404) for name in ("start", "publish", "discard")},
    "core:notices-read":         (302, 302, 302, 302, 302),
    # Whose alarm it is, its kind says: one that is not there has none.
    **{f"core:alert-{name}":     (404, 404, 404, 404, 404) for name in ("acknowledge", "own", "snooze")},
    "core:theme":                (302, 302, 302, 302, 302),
    "core:own-key":              (422, 422, 422, 422, 422),
    "core:webhook-settle":       (403, 403, 403, 403, 404),
    "core:webhook-switch":       (403, 403, 403, 403, 404),
    "customers:phone":           (422, 422, 403, 422, 422),
    "customers:put-on-list":     (422, 422, 403, 422, 422),
    "outreach:consent":          (422, 422, 403, 422, 422),
    "customers:take-off-list":   (302, 302, 403, 302, 302),
    **{f"imports:{name}":        (403, 403, 403, 403, 404) for name in (
        "run", "delete", "mapping-use", "mapping-delete",
    )},
    "campaigns:rule":            (403, 403, 403, 200, 200),
    "campaigns:rule-preview":    (403, 403, 403, 200, 200),
    "backtests:rule":            (403, 403, 403, 200, 200),
    "campaigns:rule-details":    (403, 403, 403, 200, 200),
    "campaigns:scenario-tune":   (403, 403, 403, 404, 404),
    "campaigns:scenario-switch": (403, 403, 403, 404, 404),
    "care:carenotice-switch":    (403, 403, 403, 404, 404),
    "clocks:workcalendar-switch": (403, 403, 403, 404, 404),
    "inspections:inspectionplan-switch": (403, 404, 403, 404, 404),
    "documents:document-switch": (403, 404, 403, 404, 404),
    "campaign:campaign-switch":  (403, 403, 403, 422, 422),
    "campaign:audience":         (403, 403, 403, 200, 200),
    "campaign:audience-details": (403, 403, 403, 200, 200),
    **{f"cohorts:{name}":        (403, 403, 403, 404, 404) for name in ("cohort-switch", "give")},
    "customer_lists:ownlist-switch": (403, 403, 403, 404, 404),
    "customer_lists:entry-end":  (403, 403, 403, 422, 422),
    "campaigns:scenario-restore": (403, 403, 403, 404, 404),
    "segments:segmentation-switch": (403, 403, 403, 404, 404),
    "segments:assign":           (403, 403, 403, 302, 302),
    "offers:offer-switch":       (403, 403, 403, 404, 404),
    **{f"knowledge:article-{name}": (403, 404, 403, 404, 404) for name in ("switch", "restore")},
    "knowledge:article-approval": (403, 422, 403, 422, 422),
    "knowledge:approve-selected": (403, 403, 403, 302, 302),
    "knowledge:vote":            (404, 404, 404, 404, 404),
    "knowledge:suggest":         (302, 302, 302, 302, 302),
    "knowledge:settle":          (403, 404, 403, 404, 404),
    "workorders:knowledge-article": (404, 404, 403, 403, 403),
    "workorders:message-send":   (404, 404, 403, 403, 403),
    **{f"messages:messagetemplate-{name}": (403, 403, 403, 404, 404) for name in ("switch", "test")},
    "messages:messagetemplate-approval": (403, 403, 403, 422, 422),
    "messages:messagetemplate-length": (403, 403, 403, 200, 200),
    "desk_messages:read":        (404, 404, 403, 403, 403),
    **{f"inbound:{name}":        (404, 404, 403, 403, 403) for name in ("take", "write")},
    **{f"quality:{name}":        (403, 404, 403, 404, 404) for name in ("finish", "answer", "calibration-close")},
    "quality:reply":             (404, 404, 403, 403, 403),
    "quality:draw":              (403, 403, 403, 404, 404),
    **{f"quality:{name}-switch": (403, 403, 403, 404, 404) for name in ("scoresheet", "samplerule")},
    "workorders:pause":          (404, 404, 403, 403, 403),
    "workorders:ready":          (302, 302, 403, 403, 403),
    "workorders:wrap-up-extend":  (302, 302, 403, 403, 403),
    **{f"surveys:{name}":        (403, 403, 403, 404, 404) for name in ("draft", "discard", "publish")},
    "surveys:ask":               (403, 403, 403, 403, 404),
    "workorders:next":           (302, 302, 403, 403, 403),
    "workorders:offer":          (404, 404, 403, 403, 403),
    "workorders:outcome":        (404, 404, 403, 403, 403),
    "workorders:start":          (404, 404, 403, 403, 403),
    "workorders:take":           (404, 404, 403, 403, 403),
    "workorders:draft":          (404, 404, 403, 403, 403),
    "workorders:beat":           (404, 404, 403, 403, 403),
    "workorders:reopen":         (404, 404, 403, 403, 403),
    "workorders:requeue":        (403, 404, 403, 404, 404),
    "workorders:dial":           (404, 404, 403, 403, 403),
    "workorders:skip":           (404, 404, 403, 403, 403),
    "workorders:hang-up":        (404, 404, 403, 403, 403),
    "workorders:extension":      (302, 302, 403, 403, 403),
    "workorders:raise-numbers":  (403, 404, 403, 404, 404),
    "workorders:bulk":           (403, 302, 403, 302, 302),
    **{f"saved_views:{name}":    (403, 404, 403, 404, 404) for name in ("save", "change")},
    "workorders:bulk-stop":      (403, 404, 403, 404, 404),
    "workorders:open-for-line":  (403, 302, 403, 302, 302),
    **{f"absences:{name}":       (403, 404, 403, 404, 404) for name in ("hand-over", "end")},
    "workorders:offer-decide":   (403, 404, 403, 404, 404),
    "analytics:open-orders":     (403, 403, 403, 302, 302),
    "analytics:planner-orders":  (403, 403, 403, 302, 302),
    "analytics:win-back-orders": (403, 403, 403, 302, 302),
    "analytics:second-sim-orders": (403, 403, 403, 302, 302),
    "analytics:group-orders":    (403, 403, 403, 404, 404),
    "analytics:promote":         (403, 403, 403, 403, 404),
    "analytics:compare":         (403, 403, 403, 403, 404),
    "analytics:train":           (403, 403, 403, 403, 302),
    "analytics:contest":         (403, 403, 403, 403, 302),
    "analytics:watch-acknowledge": (403, 403, 404, 404, 404),
    **{f"analytics:{name}":      (403, 403, 403, 403, 404) for name in ("watch-accept", "watch-decline")},
    "analytics:outcome-remove":  (403, 403, 403, 403, 404),
}  # fmt: skip
# Open to anyone, signed in or not.
PUBLIC = ("api:schema", "api:docs", "livez", "readyz", "consumez", "metrics", "login", "set-language", "core:session")
# Leads to the sign-in, whoever asks: the administration has no form of its own.
LEADS_TO_SIGN_IN = {"enter-administration"}

# What has no such row to be made here is asked for something that is not there.
NOWHERE = {
    **{f"flows:{name}": ["none"] for name in ("flow", "trial", "draft", "start", "publish", "discard")},
    "workorders:step": ["W0-0", "defer"],
    **{f"inbound:{name}": ["W0-0"] for name in ("take", "write")},
    **{f"batches:{name}": ["00000000-0000-4000-8000-000000000000"] for name in ("batch", "settle", "take-back")},
    "campaigns:scenario": ["none"],
    "backtests:scenario": ["none"],
    "evaluation:campaign": ["none"],
    "care:carenotice": ["none"],
    **{f"campaign:{name}": ["none"] for name in ("campaign", "members")},
    **{f"campaign:campaign-{name}": ["none"] for name in ("edit", "copy", "switch")},
    "campaign:plan-edit": [987654],
    **{f"cohorts:{name}": ["none"] for name in ("cohort", "members", "give")},
    **{f"cohorts:cohort-{name}": ["none"] for name in ("edit", "copy", "switch", "freeze", "share-out")},
    "cohorts:member": ["none", 987654],
    **{f"customer_lists:ownlist{name}": ["none"] for name in ("", "-edit", "-copy", "-switch")},
    "glossary:field": ["none"],
    **{f"segments:{name}": ["none"] for name in ("segmentation", "migration", "assign")},
    **{f"segments:segmentation-{name}": ["none"] for name in ("edit", "copy", "switch")},
    **{f"segments:{name}": ["none", "none.cell"] for name in ("lines", "cell")},
    "segments:lines-at": ["none", "none.cell", "2026-10-31"],
    "segments:moved": ["none", "2026-10-31", "none.cell", "none.cell"],
    "own_fields:edit": ["none"],
    **{f"clocks:workcalendar{name}": ["none"] for name in ("", "-edit", "-copy", "-switch")},
    "clocks:type": ["none"],
    **{f"inspections:inspectionplan{name}": ["none"] for name in ("", "-edit", "-copy", "-switch")},
    "inspections:visit-move": [0],
    **{
        f"documents:{name}": ["none"]
        for name in ("document", "document-edit", "document-copy", "document-switch", "file")
    },
    **{f"order_types:{name}": ["none"] for name in ("type", "type-edit", "disposition-edit")},
    "pauses:code-edit": ["none"],
    **{f"allocation:{name}": ["none"] for name in ("rule-edit", "skill-edit", "agent-edit", "target-edit")},
    **{f"saved_views:{name}": [987654] for name in ("open", "change")},
    **{f"absences:{name}": [987654] for name in ("edit", "hand-over", "end")},
    **{f"workorders:{name}": [987654] for name in ("bulk-run", "bulk-stop")},
    **{f"desk_messages:{name}": [987654] for name in ("read", "receipts")},
    **{
        f"quality:{name}": [987654]
        for name in (
            "review",
            "finish",
            "answer",
            "own",
            "reply",
            "calibration",
            "calibration-close",
        )
    },
    "quality:choose": ["NONE"],
    **{
        f"quality:{name}{way}": ["none"]
        for name in ("scoresheet", "samplerule")
        for way in ("", "-edit", "-copy", "-switch")
    },
    "quality:draw": ["none"],
    **{f"knowledge:{name}": ["none"] for name in ("article", "compare", "vote", "calls")},
    **{f"knowledge:article-{name}": ["none"] for name in ("edit", "copy", "approval", "switch", "versions", "restore")},
    **{f"knowledge:{name}": [987654] for name in ("suggestion", "settle")},
    "workorders:knowledge-article": ["NONE", "none"],
    **{f"surveys:{name}": ["none"] for name in ("questionnaire", "edit", "copy", "draft", "discard", "publish", "ask")},
    "surveys:preview": ["none", 1],
    "survey_results:results": ["none"],
    "messages:message": ["M0"],
    **{f"messages:messagetemplate{name}": ["none"] for name in ("", "-edit", "-copy", "-switch", "-test", "-approval")},
    **{f"offers:offer{name}": ["none"] for name in ("", "-eligible", "-edit", "-copy", "-switch", "-limits")},
    "workorders:offer-decide": [987654],
    **{f"care:carenotice-{name}": ["none"] for name in ("edit", "copy", "switch")},
    **{f"campaigns:scenario-{name}": ["none"] for name in ("edit", "copy", "try", "tune", "switch")},
    **{
        f"campaigns:scenario-{name}": ["none"]
        for name in (
            "edit",
            "copy",
            "try",
            "tune",
            "switch",
            "branches",
            "versions",
            "restore",
        )
    },
    **{
        f"workorders:{name}": ["NONE"]
        for name in (
            "order",
            "offer",
            "background",
            "outcome",
            "start",
            "take",
            "draft",
            "beat",
            "reopen",
            "requeue",
            "knowledge",
            "dial",
            "call",
            "hang-up",
            "appointment-load",
            "message",
            "message-send",
            "skip",
        )  # fmt: skip
    },
    "workorders:recording": ["NONE"],
    **{f"analytics:{name}": [987654] for name in ("promote", "compare", "version")},
    **{f"analytics:watch-{move}": [987654] for move in ("acknowledge", "accept", "decline")},
    "core:notice": [987654],
    **{f"core:alert-{move}": [987654] for move in ("acknowledge", "own", "snooze")},
    "analytics:list": ["2020-01"],
    "analytics:circle": [987654],
    "analytics:group": ["NOWHERE"],
    "analytics:group-orders": ["NOWHERE"],
    "analytics:what-if": ["S-NOBODY"],
    "analytics:edit-terms": ["others"],
    "analytics:edit-treatment": ["gift"],
    "analytics:adopt-acceptance": ["gift"],
    "analytics:withdraw-experiment": [987654],
    **{f"analytics:outcome-{move}": ["leaves", "mobile"] for move in ("define", "remove")},
    **{
        f"imports:{name}": [987654]
        for name in (
            "detail",
            "sheet",
            "columns",
            "mapping",
            "preview",
            "rejected",
            "run",
            "delete",
            "mapping-use",
            "mapping-delete",
        )
    },
    "workorders:agent-day": ["nobody"],
    **{f"core:export{name}": [987654] for name in ("", "-file")},
    **{f"core:webhook{name}": [987654] for name in ("", "-settle", "-switch")},
}


def routes(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[str]:
    """Names of all addresses whose views are our own code, without those for machines (tests/core/api)."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from routes(entry, f"{prefix}{entry.namespace}:" if entry.namespace else prefix)
        elif (
            isinstance(entry, URLPattern)
            and entry.callback.__module__.split(".")[0] in settings.OWN_PACKAGES
            and not hasattr(getattr(entry.callback, "cls", None), "scope")
        ):
            yield f"{prefix}{entry.name}"


def test_every_address_is_in_the_table():
    known = READ.keys() | WRITE.keys() | set(PUBLIC) | LEADS_TO_SIGN_IN
    assert sorted(set(routes()) - known) == []
    assert sorted(known - set(routes())) == []


@pytest.fixture
def people(ana, sam, lin, mia, ada):
    return dict(zip(ROLES, (ana, sam, lin, mia, ada), strict=True))


@pytest.fixture
def address(branches, ana, sam):
    """Give the address of a route, with things in it that every role may see."""
    line = make_profile(subscriber=make_subscriber(branch=branches.outlet)).subscriber
    customer = line.account.customer
    for person in (ana, sam):
        grant(customer=customer, user=person)
    entry = make_list_entry(customer=customer)
    job = make_job()
    machine = make_client().client
    arguments = {
        **{f"core:api-client{move}": [machine.pk] for move in ("", "-change", "-rotate", "-revoke")},
        **{f"core:person{move}": ["ana"] for move in ("", "-edit", "-switch", "-unlock", "-password")},
        "core:staff-group-edit": ["T1"],
        "core:job": [job.pk],
        "core:job-again": [job.pk],
        "core:job-progress": [job.pk],
        "customer_lists:entry": [entry.pk],
        "customer_lists:entry-end": [entry.pk],
        "customers:detail": [line.subscriber_no],
        "customers:phone": [line.subscriber_no],
        "workorders:open-for-line": [line.subscriber_no],
        "customers:put-on-list": [line.subscriber_no],
        "outreach:line": [line.subscriber_no],
        "outreach:consent": [line.subscriber_no],
        "customers:take-off-list": [line.subscriber_no, entry.pk],
    }
    return lambda route: reverse(route, args=arguments.get(route, NOWHERE.get(route, [])))


@pytest.mark.parametrize("route", READ)
def test_who_may_read(client, people, address, route):
    found = {}
    for role, person in people.items():
        client.force_login(person)
        found[role] = client.get(address(route)).status_code
    assert found == dict(zip(ROLES, READ[route], strict=True))


@pytest.mark.parametrize("route", WRITE)
def test_who_may_write_and_only_by_post(client, people, address, route):
    found = {}
    for role, person in people.items():
        client.force_login(person)
        assert client.get(address(route)).status_code in {403, 405}
        found[role] = client.post(address(route)).status_code
    assert found == dict(zip(ROLES, WRITE[route], strict=True))


@pytest.mark.parametrize("route", [*READ, *WRITE])
def test_strangers_are_sent_to_the_sign_in(client, address, route):
    for answer in (client.get(address(route)), client.post(address(route))):
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/login/?next=")


@pytest.mark.parametrize("route", PUBLIC)
def test_open_pages_answer_strangers(client, db, route):
    """Whatever their answer is (a wrong method, a worker that does not run), it is not the sign-in."""
    assert client.get(reverse(route)).status_code in {200, 405, 503}


def test_administration_is_for_administrators(client, people):
    for role, person in people.items():
        client.force_login(person)
        assert client.get("/admin/").status_code == (200 if role == "administrator" else 302), role
