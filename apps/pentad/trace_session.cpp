#include "apps/pentad/trace_session.hpp"

#include <utility>

#include "apps/pentad/send_despite_errors.hpp"
#include "pentad/runtime/sleep.hpp"

namespace pentad::command {
namespace {

// A router sees only those that die at it, so that what limits its errors lets them pass.
constexpr std::size_t most_in_flight = 16;

}  // namespace

task<result<void>> trace_session::run() {
  co_await in_scope([this](scope& all) -> task<> {
    all.spawn(hear(&prober::receive_answer));
    all.spawn(hear(&prober::receive_error));
    co_await send_probes(all);
    all.cancel();
  });
  if (error_) co_return failure(error_);
  co_return result<void>();
}

task<> trace_session::send_probes(scope& all) {
  while (!route_.is_complete() && !all.canceled()) {
    const std::optional<std::size_t> next = route_.next();
    if (!next || route_.in_flight() >= most_in_flight) {
      co_await wait_for_one();
      continue;
    }
    co_await yield();  // time stands still while a coroutine runs
    route_.sent(here_.now());
    const auto hop_limit = static_cast<std::uint8_t>(route_.hop_of(*next));
    const result<void> sent = co_await probes_.send(*next, hop_limit);
    if (sent) continue;
    if (sent.error() != std::errc::operation_canceled) error_ = sent.error();
    co_return;
  }
}

// For an answer, or for the end of the patience with the oldest probe.
task<> trace_session::wait_for_one() {
  const std::optional<route::waiting> oldest = route_.oldest_waiting();
  if (!oldest) co_return;
  const duration rest = patience_ - (here_.now() - oldest->since);
  if (rest > duration::zero()) {
    const result<void> told = co_await progress_.wait().timeout(rest);
    if (told || told.error() == std::errc::operation_canceled) co_return;
  }
  route_.give_up(oldest->probe);
  co_await changed_();
}

task<> trace_session::hear(heard (prober::*next)()) {
  for (int failures = 0; failures != most_errors_in_a_row;) {
    const result<std::optional<probe_answer>> got = co_await (probes_.*next)();
    if (!got && got.error() == std::errc::operation_canceled) co_return;
    failures = got ? 0 : failures + 1;
    if (!got || !*got) continue;
    if (route_.answered(**got, here_.now())) progress_.set();
    co_await changed_();
  }
}

}  // namespace pentad::command
