#include "apps/messenger/server/service.hpp"

#include <malloc.h>

#include <chrono>
#include <csignal>
#include <utility>

#include "apps/messenger/server/connection.hpp"
#include "pentad/runtime/sleep.hpp"
#include "pentad/runtime/when.hpp"

namespace pentad::messenger {
namespace {

/// For the end of all sessions. The desk cuts off those who do not go, so this is for nobody.
constexpr duration patience = std::chrono::milliseconds{1500};

/// Connections that leave memory behind which is worth returning.
constexpr std::size_t worth_returning = 256;

/// Those that end together with these may follow.
constexpr duration pause_before_returning = std::chrono::seconds{1};

/// Before a disk that did not take the bans is asked again.
constexpr duration pause_before_next_try = std::chrono::seconds{2};

/// The one look at a clock that no host has: what time it is for people.
wall_time wall_clock() {
  return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

}  // namespace

service::service(host& here, const configuration& settings, housekeeper& keeper)
    : here_(here),
      keeper_(keeper),
      desk_(settings, here.random(), {here.now(), wall_clock()}, &keeper) {}

moment service::now() { return {here_.now(), wall_clock()}; }

void service::notice() {
  if (desk_.has_news()) news_.set();
  if (desk_.next_deadline() < sleeps_until_) earlier_.set();
  if (desk_.state().clients().empty()) empty_.set();
  if (desk_.has_to_reload()) to_reload_.set();
  if (desk_.has_bans_to_keep()) bans_changed_.set();
}

/// What nobody waits for any more is let go: it may be the last thing in the heap, which otherwise
/// could not shrink.
void service::writer_ended() noexcept {
  if (--writers_ == 0) joiner_ = {};
}

void service::connection_ended() noexcept {
  if (++ended_ < worth_returning) return;
  ended_ = 0;
  many_ended_.set();
}

task<std::error_code> service::run(std::span<stream_listener> listeners, signal_set& signals) {
  co_await in_scope([&](scope& tasks) { return serve(tasks, listeners, signals); });
  co_await keep_last_bans();
  co_await keeper_.finish();
  co_return failed_;
}

task<> service::serve(scope& tasks, std::span<stream_listener> listeners, signal_set& signals) {
  tasks_ = &tasks;
  tasks.spawn(flush_turns());
  tasks.spawn(keep_time());
  tasks.spawn(return_memory());
  tasks.spawn(reload());
  tasks.spawn(keep_bans());
  keeper_.begin(tasks, *this);
  for (stream_listener& each : listeners) tasks.spawn(take_connections(each));

  task<> end = until_the_end(signals);
  event_operation broken = broken_.wait();
  co_await when_any(end, broken);
  for (stream_listener& each : listeners) each.close();
  co_await farewell();
  tasks.cancel();
}

task<> service::until_the_end(signal_set& signals) {
  for (;;) {
    const result<int> signal = co_await signals.next();
    if (!signal || *signal != SIGHUP) co_return;
    desk_.ask_to_reload();
    notice();
  }
}

task<> service::take_connections(stream_listener& from) {
  for (;;) {
    result<stream_socket> socket = co_await from.accept();
    if (!socket) {
      if (socket.error() == std::errc::operation_canceled) co_return;
      failed_ = socket.error();
      broken_.set();
      co_return;
    }
    tasks_->spawn(connection::hold(*this, std::move(*socket)));
  }
}

/// Flushes once for all that becomes ready together: the task goes to the end of the queue first.
task<> service::flush_turns() {
  for (;;) {
    const result<void> woken = co_await news_.wait();
    if (!woken) co_return;
    co_await yield();
    desk_.flush();
  }
}

task<> service::keep_time() {
  for (;;) {
    sleeps_until_ = desk_.next_deadline();
    const duration sleep = sleeps_until_ == never ? duration::max() : sleeps_until_ - here_.now();
    if (sleep > duration::zero()) {
      const result<void> woken = co_await earlier_.wait().timeout(sleep);
      if (!woken && woken.error() == std::errc::operation_canceled) co_return;
    }
    desk_.advance(now());
    notice();
  }
}

/// The C library by itself returns only what is free at the end of the heap, and something small
/// and lasting is always last (malloc_trim(3)).
task<> service::return_memory() {
  for (;;) {
    const result<void> woken = co_await many_ended_.wait();
    if (!woken) co_return;
    const result<void> slept = co_await sleep(pause_before_returning);
    if (!slept) co_return;
    ::malloc_trim(0);
  }
}

task<> service::reload() {
  for (;;) {
    const result<void> woken = co_await to_reload_.wait();
    if (!woken) co_return;
    if (!desk_.has_to_reload()) continue;
    desk_.begin_reload();
    const reload_outcome changes = co_await keeper_.reload();
    desk_.end_reload(changes, now());
    notice();
  }
}

/// One writing at a time, each of all bans: changes that come while the disk is busy are in the
/// next one together. One that failed is tried again.
task<> service::keep_bans() {
  for (;;) {
    const duration most = bans_unkept_ ? pause_before_next_try : duration::max();
    const result<void> woken = co_await bans_changed_.wait().timeout(most);
    if (!woken && woken.error() != std::errc::timed_out) co_return;
    if (!bans_unkept_ && !desk_.has_bans_to_keep()) continue;
    const std::error_code failed = co_await keeper_.keep(desk_.begin_keeping_bans(now()));
    bans_unkept_ = static_cast<bool>(failed);
    desk_.end_keeping_bans(failed, now());
    notice();
  }
}

/// What changed right before the end.
task<> service::keep_last_bans() {
  if (!bans_unkept_ && !desk_.has_bans_to_keep()) co_return;
  const std::error_code failed = co_await keeper_.keep(desk_.begin_keeping_bans(now()));
  static_cast<void>(failed);
}

void service::tell(std::string_view line) {
  desk_.tell_operators(line, now());
  notice();
}

task<> service::farewell() {
  desk_.stop("Server shutting down", now());
  notice();
  const instant end = later(here_.now(), patience);
  while (!desk_.state().clients().empty()) {
    const duration left = end - here_.now();
    if (left <= duration::zero()) co_return;
    const result<void> gone = co_await empty_.wait().timeout(left);
    if (!gone) co_return;
  }
}

}  // namespace pentad::messenger
