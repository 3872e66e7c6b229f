// The route to a host as `trace` learns it: probes that die at each hop, and who said so.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "apps/pentad/round_trips.hpp"
#include "pentad/base/ip_address.hpp"

namespace pentad::command {

/// What came back about a probe.
struct probe_answer {
  std::size_t probe = 0;
  ip_address from;
  std::string said;        ///< in words
  bool is_end = false;     ///< probes come no further
  bool is_target = false;  ///< because they have arrived
};

class route {
 public:
  struct answer {
    ip_address from;
    std::string said;
    duration round_trip{};
  };

  route(unsigned most_hops, unsigned queries) noexcept : queries_(queries), last_hop_(most_hops) {}

  /// Which probe is to be sent next; none when all have been.
  [[nodiscard]] std::optional<std::size_t> next() const noexcept;

  /// Counted from 1: the hop limit that the probe is sent with.
  [[nodiscard]] unsigned hop_of(std::size_t probe) const noexcept {
    return static_cast<unsigned>(probe / queries_) + 1;
  }

  void sent(instant when);
  /// False if nothing was expected of this probe any more.
  bool answered(const probe_answer& report, instant when);
  void give_up(std::size_t probe) noexcept { probes_[probe].is_waiting = false; }

  struct waiting {
    std::size_t probe = 0;
    instant since;
  };
  [[nodiscard]] std::optional<waiting> oldest_waiting() const noexcept;
  [[nodiscard]] std::size_t in_flight() const noexcept;

  [[nodiscard]] unsigned queries() const noexcept { return queries_; }
  /// The last hop as far as is known.
  [[nodiscard]] unsigned last_hop() const noexcept { return last_hop_; }
  [[nodiscard]] bool reached_target() const noexcept { return reached_target_; }
  /// Whether nothing more will be learned about it.
  [[nodiscard]] bool is_complete(unsigned hop) const noexcept;
  [[nodiscard]] bool is_complete() const noexcept { return !next() && in_flight() == 0; }

  /// In the order of the probes.
  [[nodiscard]] std::vector<answer> answers(unsigned hop) const;
  [[nodiscard]] unsigned probes_sent(unsigned hop) const noexcept;

 private:
  struct asked {
    instant when;
    bool is_waiting = true;
    std::optional<answer> answered{};
  };

  [[nodiscard]] std::size_t wanted() const noexcept { return std::size_t{queries_} * last_hop_; }
  [[nodiscard]] std::size_t relevant() const noexcept;

  std::vector<asked> probes_;  // as they were sent
  unsigned queries_;
  unsigned last_hop_;
  bool reached_target_ = false;
};

}  // namespace pentad::command
