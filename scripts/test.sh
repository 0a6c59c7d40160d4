#!/usr/bin/env bash
# `make test [T=…]`: Rasa's tests in Rasa's environment, all others in the main one, whose closing
# line comes last.
#   scripts/test.sh                       everything
#   scripts/test.sh tests/channels -x     only that, with pytest's options
set -uo pipefail
cd "$(dirname "$0")/.."
export RASA_TELEMETRY_ENABLED=false
failed=0
rasa_python=.venv-rasa/bin/python

rasa_tests() { "$rasa_python" -m pytest -c scripts/pytest-rasa.ini --rootdir . "$@" || failed=1; }
main_tests() { .venv/bin/python -m pytest "$@" || failed=1; }
rasa() { .venv/bin/python -m launcher.with_actions "$rasa_python" -m rasa "$@" || failed=1; }

conversations() {
  echo "── rasa data validate"
  rasa data validate --config config.yml --domain bot/domain --data bot/data
  if compgen -G 'tests/conversations/*.yml' > /dev/null; then
    echo "── rasa test"
    rasa test core --model var/rasa/assistant.tar.gz --stories tests/conversations \
      --endpoints endpoints.yml --fail-on-prediction-errors --no-plot --out var/rasa-test
  fi
}

case "${1-}" in
  "")
    rasa_tests tests/bot
    conversations
    main_tests --ignore=tests/bot
    ;;
  tests/bot*) rasa_tests "$@" ;;
  tests/conversations*) conversations ;;
  *) main_tests "$@" ;;
esac
exit $failed
