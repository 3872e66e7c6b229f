#include "pentad/socket/connection_race.hpp"

#include <algorithm>

#include "pentad/runtime/stop_check.hpp"

namespace pentad {
namespace {

// How much an error tells of the peer: that this host knows no way to it tells least.
int telling(std::error_code error) noexcept {
  for (const std::errc local :
       {std::errc::network_unreachable, std::errc::host_unreachable,
        std::errc::address_not_available, std::errc::address_family_not_supported}) {
    if (error == local) return 1;
  }
  return error == std::errc::timed_out ? 2 : 3;
}

}  // namespace

void connection_race::offer(std::span<const endpoint> candidates, bool complete) {
  candidates_.assign(candidates.begin(), candidates.end());
  complete_ = complete;
  changed_.set();
}

void connection_race::give_up() noexcept {
  complete_ = true;
  changed_.set();
}

// RFC 8305, section 4: the versions take turns.
std::optional<endpoint> connection_race::next() const noexcept {
  std::optional<endpoint> same_version;
  for (const endpoint& each : candidates_) {
    if (std::ranges::find(tried_, each) != tried_.end()) continue;
    const bool takes_turn =
        tried_.empty() || each.address.version() != tried_.back().address.version();
    if (takes_turn) return each;
    if (!same_version) same_version = each;
  }
  return same_version;
}

void connection_race::note_failure(const endpoint& of, std::error_code error) {
  if (!error_ || telling(error) >= telling(error_)) error_ = error;
  next_start_ = here_.now();
  if (observer_ != nullptr) observer_->failed(of, error);
}

task<> connection_race::attempt(endpoint to) {
  result<stream_socket> made = co_await here_.connect(to, options_);
  --running_;
  if (made && !winner_) winner_.emplace(std::move(*made));
  if (!made && !winner_ && made.error() != std::errc::operation_canceled) {
    note_failure(to, made.error());
  }
  changed_.set();
}

task<> connection_race::start_attempts(scope& attempts) {
  while (!winner_) {
    const std::optional<endpoint> candidate = next();
    if (candidate && here_.now() >= next_start_) {
      next_start_ = later(here_.now(), attempt_delay);
      tried_.push_back(*candidate);
      ++running_;
      attempts.spawn(attempt(*candidate));
      continue;
    }
    if (!candidate && complete_ && running_ == 0) break;
    const duration pause = candidate ? next_start_ - here_.now() : duration::max();
    const result<void> waited = co_await changed_.wait().timeout(pause);
    if (!waited && attempts.canceled()) break;
  }
  attempts.cancel();
}

task<result<stream_socket>> connection_race::run() {
  const auto body = [this](scope& attempts) { return start_attempts(attempts); };
  co_await in_scope(body);
  if (winner_) co_return std::move(*winner_);
  const result<void> wanted = co_await stop_check();
  if (!wanted) co_return failure(wanted.error());
  if (error_) co_return failure(error_);
  co_return failure(std::errc::destination_address_required);
}

}  // namespace pentad
