// when_any and when_all: several operations and tasks at once, all of them joined.
#pragma once

#include <array>
#include <cstddef>
#include <exception>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

#include "pentad/runtime/task.hpp"

namespace pentad {

/// What awaiting an `Awaitable` gives; std::monostate for void.
template <class Awaitable>
using outcome_of =
    std::conditional_t<std::is_void_v<decltype(std::declval<Awaitable&>().await_resume())>,
                       std::monostate, decltype(std::declval<Awaitable&>().await_resume())>;

/// Every outcome, for the losers of a race may carry bytes too, and which ended first.
template <class... Outcomes>
class outcomes {
 public:
  outcomes(std::size_t first, std::tuple<std::optional<Outcomes>...>&& all)
      : index(first), all_(std::move(all)) {}

  template <std::size_t I>
  auto& get() noexcept {
    return *std::get<I>(all_);
  }

  std::size_t index;  ///< of the first to end, in the order of the arguments

 private:
  std::tuple<std::optional<Outcomes>...> all_;
};

/// What `when_any` and `when_all` return; `CancelsOthers` is the difference between them.
template <bool CancelsOthers, class... Awaitables>
class [[nodiscard]] when_operation final : public operation {
 public:
  explicit when_operation(Awaitables&... awaited)
      : when_operation(std::index_sequence_for<Awaitables...>{}, awaited...) {}

  bool await_ready() const noexcept { return false; }

  template <inherits_environment Promise>
  void await_suspend(std::coroutine_handle<Promise> coroutine) noexcept {
    attach(*coroutine.promise().env, coroutine);
    park();
    for (std::size_t i = 0; i < count; ++i) {
      branch& started = branches_[i];
      started.inherit(*env);
      started.owner = this;
      started.finished = &finished;
      started.resume_later(bodies_[i].bind(started));
    }
  }

  /// Throws what the first branch that threw has thrown.
  outcomes<outcome_of<Awaitables>...> await_resume() {
    for (branch& ended : branches_) {
      if (ended.error) std::rethrow_exception(ended.error);
    }
    return {first_, std::move(outcomes_)};
  }

 private:
  static constexpr std::size_t count = sizeof...(Awaitables);
  static_assert(count > 0);

  struct branch : environment {
    when_operation* owner = nullptr;
  };

  template <std::size_t... I>
  when_operation(std::index_sequence<I...>, Awaitables&... awaited)
      : operation(within()), bodies_{run(awaited, std::get<I>(outcomes_))...} {}

  template <class Awaitable>
  static task<void> run(Awaitable& awaited, std::optional<outcome_of<Awaitable>>& outcome) {
    if constexpr (std::is_same_v<outcome_of<Awaitable>, std::monostate>) {
      co_await awaited;
      outcome.emplace();
    } else {
      outcome.emplace(co_await awaited);
    }
  }

  static void finished(environment& env) noexcept {
    branch& ended = static_cast<branch&>(env);
    when_operation& owner = *ended.owner;
    if (owner.first_ == count) {
      owner.first_ = static_cast<std::size_t>(&ended - owner.branches_.data());
    }
    if (CancelsOthers || ended.error) owner.stop_branches(stop_reason::canceled);
    if (--owner.left_ == 0) owner.end();
  }

  void stop_branches(stop_reason reason) noexcept {
    for (branch& each : branches_) each.environment::stop(reason);
  }

  void stop() noexcept override { stop_branches(why); }

  std::tuple<std::optional<outcome_of<Awaitables>>...> outcomes_;
  std::array<task<void>, count> bodies_;
  std::array<branch, count> branches_;
  std::size_t left_ = count;
  std::size_t first_ = count;
};

/// Runs all of `awaited` (operations and tasks, named or temporary), cancels the rest when the
/// first ends, joins them, and gives every outcome.
template <class... Awaitables>
when_operation<true, std::remove_reference_t<Awaitables>...> when_any(Awaitables&&... awaited) {
  return when_operation<true, std::remove_reference_t<Awaitables>...>(awaited...);
}

/// Runs all of `awaited` to their ends and gives every outcome. If one throws, the rest are
/// cancelled and joined, and its exception is rethrown.
template <class... Awaitables>
when_operation<false, std::remove_reference_t<Awaitables>...> when_all(Awaitables&&... awaited) {
  return when_operation<false, std::remove_reference_t<Awaitables>...>(awaited...);
}

}  // namespace pentad
