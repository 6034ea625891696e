#!/bin/sh
# A subsistence-allowance case (低保) from receipt to the verified trace, with nothing but curl.
#
#   make run                      (demonstration mode, http://127.0.0.1:8000)
#   docs/curl-story.sh [URL]
#
# Ends with 0 when every answer was as expected, with 1 at the first one that was not.
set -eu

BASE=${1:-http://127.0.0.1:8000}
DATA=$(cd "$(dirname "$0")/samples" && pwd)
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT
PASSWORD=mingjing-demo
RUN=$(date +%s)-$$
COUNT=0

say() { printf '\n== %s\n' "$*"; }

fail() { printf 'FAILED: %s\n' "$*" >&2; exit 1; }

# call STATUS PERSON METHOD PATH [curl options]: the answer's body is left in $WORK/body.
call() {
  expected=$1 person=$2 method=$3 path=$4
  shift 4
  COUNT=$((COUNT + 1))
  if [ "$person" != nobody ]; then set -- -H "Authorization: Bearer $(token "$person")" "$@"; fi
  status=$(curl -sS -o "$WORK/body" -w '%{http_code}' -X "$method" "$BASE$path" "$@") || fail "curl $method $path"
  printf '%-8s %-6s %s -> %s\n' "$person" "$method" "$path" "$status"
  [ "$status" = "$expected" ] || fail "expected $expected: $(cat "$WORK/body")"
}

json() { printf '%s' "$1" > "$WORK/sent.json"; }

# send STATUS PERSON METHOD PATH JSON [curl options]
send() {
  s_expected=$1 s_person=$2 s_method=$3 s_path=$4
  json "$5"
  shift 5
  call "$s_expected" "$s_person" "$s_method" "$s_path" -H 'Content-Type: application/json' \
    --data-binary "@$WORK/sent.json" "$@"
}

# field NAME: the text or number of the last member of that name in the answer.
field() { sed -n "s/.*\"$1\": *\"\{0,1\}\([^\",}]*\).*/\1/p" "$WORK/body" | head -n 1; }

expect() { grep -q -- "$1" "$WORK/body" || fail "the answer does not have $1: $(cat "$WORK/body")"; }

# token PERSON: signs in once, then remembers.
token() {
  if [ ! -s "$WORK/token.$1" ]; then
    curl -sS -X POST "$BASE/api/tokens" -H 'Content-Type: application/json' \
      -d "{\"username\": \"$1\", \"password\": \"$PASSWORD\"}" \
      | sed -n 's/.*"token": *"\([^"]*\)".*/\1/p' > "$WORK/token.$1"
    [ -s "$WORK/token.$1" ] || fail "$1 cannot sign in"
  fi
  cat "$WORK/token.$1"
}

# task PERSON ELEMENT: leaves in $TASK the key of the open user task of that element of our case.
task() {
  send 200 "$1" POST /v2/user-tasks/search \
    "{\"filter\": {\"processInstanceKey\": \"$CASE\", \"elementId\": \"$2\", \"state\": \"CREATED\"}}"
  TASK=$(field userTaskKey)
  [ -n "$TASK" ] || fail "$1 finds no open $2"
}

# complete STATUS PERSON ELEMENT ACTION OPINION VARIABLES [-F file parts]
complete() {
  c_expected=$1 c_person=$2 c_action=$4 c_opinion=$5 c_variables=$6
  task "$2" "$3"
  shift 6
  call "$c_expected" "$c_person" POST "/api/user-tasks/$TASK/complete" \
    -F "action=$c_action" -F "opinion=$c_opinion" --form-string "variables=$c_variables" "$@"
}

MEMBERS='[
  {"name": "王华燕", "relation": "self", "id_number": "210192199401259009", "monthly_income": 3370},
  {"name": "唐志", "relation": "spouse", "id_number": "210192199212103996", "monthly_income": 3380.50},
  {"name": "唐梅", "relation": "child", "id_number": "210196202006294883", "monthly_income": 0}]'
HOUSEHOLD="\"applicant_name\": \"王华燕\", \"id_number\": \"210192199401259009\", \"household_type\": \"urban\",
  \"address\": \"镜湖市清河区柳荫街道柳荫社区3号楼\", \"members\": $MEMBERS,
  \"kin_of_official\": false, \"authorisation_signed\": true"
LACKING="{$HOUSEHOLD}"
WHOLE="{$HOUSEHOLD, \"phone\": \"0410-2766434\", \"apply_reason\": \"主要劳动力患病。\",
  \"correction_note\": \"已补填联系电话和申请理由。\"}"

say 'The server is alive and ready; without a token it tells nothing'
call 200 nobody GET /healthz
call 200 nobody GET /readyz
call 401 nobody GET /v2/topology
expect '"code": *"sign_in.needed"'
send 401 nobody POST /api/tokens '{"username": "lin", "password": "not-the-password"}'
expect '"code": *"sign_in.failed"'
call 200 lin GET /v2/topology

say 'Lin (社区经办人) starts a case; repeating the command starts no second one'
send 200 lin POST /v2/process-instances '{"processDefinitionId": "dibao"}' -H "Idempotency-Key: story-$RUN"
CASE=$(field processInstanceKey)
NUMBER=$(field caseNumber)
[ -n "$CASE" ] || fail 'no processInstanceKey'
send 200 lin POST /v2/process-instances '{"processDefinitionId": "dibao"}' -H "Idempotency-Key: story-$RUN"
[ "$CASE" = "$(field processInstanceKey)" ] || fail 'the repeated command made another case'
printf 'case %s (%s)\n' "$NUMBER" "$CASE"

say 'Another street cannot see it, not even by its key'
call 404 qian GET "/v2/process-instances/$CASE"

say 'Receipt (收件登记): a draft, files, one of them a program in disguise'
task lin Receipt
call 200 lin GET "/v2/user-tasks/$TASK/form"
expect 'applicant_name'
send 200 lin PUT "/api/user-tasks/$TASK/draft" "{\"data\": $LACKING, \"opinion\": \"材料已收。\"}"
printf 'MZ\220\000\003\000\000\000\004\000\000\000' > "$WORK/program.exe"
call 422 lin POST "/api/user-tasks/$TASK/draft/files" -F kind=photo -F "file=@$WORK/program.exe;filename=site.jpg"
expect '"code": *"file.type'
call 422 lin POST "/v2/user-tasks/$TASK/completion" -H 'Content-Type: application/json' -d '{"action": "register"}'
expect 'files.application'
call 201 lin POST "/api/user-tasks/$TASK/draft/files" \
  -F kind=attachment -F code=application -F "file=@$DATA/application.pdf;filename=申请书.pdf"
FILE=$(field key)
call 201 lin POST "/api/user-tasks/$TASK/draft/files" \
  -F kind=attachment -F code=authorisation -F "file=@$DATA/authorisation.pdf;filename=核对授权书.pdf"
call 204 lin POST "/v2/user-tasks/$TASK/completion" -H 'Content-Type: application/json' -d '{"action": "register"}'
send 409 lin POST "/api/user-tasks/$TASK/complete" '{"action": "register"}'

say 'Acceptance (受理审查): a one-time correction notice needs an opinion'
LIST='{"in_jurisdiction": true, "identity_verified": true, "materials_complete": false,
  "correction_list": "一、补填联系电话；二、写明申请理由。"}'
complete 422 zhao Acceptance correct '' "$LIST"
expect '"place": *"opinion"'
complete 200 zhao Acceptance correct '缺联系电话和申请理由，请一次补齐。' "$LIST"
say 'Correction (补正材料), then acceptance (受理)'
complete 200 lin Correction submit '已按清单补齐。' "$WHOLE" \
  -F "attachment.supplement=@$DATA/application.pdf;filename=补充材料.pdf"
complete 200 zhao Acceptance accept '材料齐备，予以受理。' \
  '{"in_jurisdiction": true, "identity_verified": true, "materials_complete": true}'

say 'Household visit (入户调查) with a site photo, and data check (信息核对), side by side'
complete 200 sun HouseholdVisit submit '部分情况与申报不符。' \
  '{"visited_at": "2026-01-08", "visitors": "孙丽、林晓燕", "living_conditions": "住房简单装修。",
    "consistent": "no", "observed_income": 6750.50}' \
  -F "photo.site_photo=@$DATA/site-photo.jpg;filename=现场.jpg"
complete 200 chen DataCheck submit '已核对。' \
  '{"verified_monthly_income": 6750.50, "savings": 4000, "vehicle_value": 15500, "houses": 1,
    "data_source": "镜湖市数据共享平台（演示）"}'
say 'The supervision gateway (监督网关) warns: income over the limit, so the leaders decide together'
expect '"code": *"THR-01"'
expect '"level": *"high"'

say 'Collective review (集体研究), returned (退回复核), reviewed again, not confirmed (不予确认)'
complete 200 wu CollectiveReview agree '家庭确有困难，建议予以保障。' '{"household_category": "regular"}' \
  -F "attachment.minutes=@$DATA/minutes.pdf;filename=会议记录.pdf"
complete 200 he Confirmation return '收入已超标准，请重新集体研究。' '{}'
complete 200 wu CollectiveReview disagree '经复核，人均月收入高于标准，建议不予确认。' '{"household_category": "none"}' \
  -F "attachment.minutes=@$DATA/minutes.pdf;filename=会议记录.pdf"
complete 200 he Confirmation refuse '人均月收入高于低保标准。可以依法申请行政复议。' \
  '{"document_number": "清民低保不〔2026〕2号"}'
expect '"ended": *true'
call 200 he GET "/v2/process-instances/$CASE"
expect '"state": *"COMPLETED"'

say 'Gao (派驻监督员) reads the trace and shows that nothing was altered; Lin may not'
call 403 lin GET "/api/process-instances/$CASE/trace"
call 200 gao GET "/api/process-instances/$CASE/trace"
cp "$WORK/body" "$WORK/trace"
for wanted in 'user_task.completed.v1' 'command.refused.v1' '人均月收入高于低保标准' '何伟' 'THR-01' '现场.jpg'; do
  grep -q -- "$wanted" "$WORK/trace" || fail "the trace does not have $wanted"
done
completions=$(tr '{' '\n' < "$WORK/trace" | grep -c '"kind": *"user_task.completed.v1"' || true)
[ "$completions" -ge 10 ] || fail "only $completions completions in the trace"
call 200 gao GET "/api/files/$FILE"
cmp -s "$WORK/body" "$DATA/application.pdf" || fail 'the file is not the one that was uploaded'
call 200 gao POST "/api/process-instances/$CASE/verification"
expect '"ok": *true'
call 404 qian GET "/api/files/$FILE"

printf '\nThe whole story of case %s: %s calls, all as expected.\n' "$NUMBER" "$COUNT"
