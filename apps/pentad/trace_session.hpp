// Probes on their way to all hops at once, and what becomes of them.
#pragma once

#include <functional>

#include "apps/pentad/prober.hpp"
#include "pentad/runtime/event.hpp"
#include "pentad/runtime/scope.hpp"

namespace pentad::command {

class trace_session {
 public:
  /// `patience`: how long an answer may take. `changed` is called when more of the route is known.
  trace_session(host& here, prober& probes, route& known, duration patience,
                std::function<task<>()> changed)
      : here_(here),
        probes_(probes),
        route_(known),
        patience_(patience),
        changed_(std::move(changed)) {}

  /// Ends when the route is known, or as much of it as can be. Errors: those of sending.
  task<result<void>> run();

 private:
  using heard = task<result<std::optional<probe_answer>>>;

  task<> send_probes(scope& all);
  task<> hear(heard (prober::*next)());
  task<> wait_for_one();

  host& here_;
  prober& probes_;
  route& route_;
  duration patience_;
  std::function<task<>()> changed_;
  event progress_;
  std::error_code error_;
};

}  // namespace pentad::command
