// Whether a timeout was one for nothing, by what the acknowledgements after it
// say (F-RTO, RFC 5682, section 3.1, with SACK).
#pragma once

#include <cstdint>

namespace pentad::native {

class forward_rto {
 public:
  enum class verdict : std::uint8_t {
    undecided,
    wants_new,  ///< step 2b: segments that were never sent tell more than others
                ///< sent again
    spurious,   ///< step 3b
    real,       ///< step 3a
  };

  void begin() noexcept { step_ = step::first_acknowledgment; }
  void forget() noexcept { step_ = step::none; }
  /// New segments go before those that seem to be lost.
  bool prefers_new() const noexcept { return step_ == step::second_acknowledgment; }

  /// `first_copy`: something has come that was sent once, before the timeout.
  /// `is_over`: all has that was. `is_duplicate`: nothing new is acknowledged.
  verdict acknowledged(bool first_copy, bool is_over, bool is_duplicate) noexcept {
    if (step_ == step::none) return verdict::undecided;
    if (first_copy) {
      step_ = step::none;
      return verdict::spurious;
    }
    const bool is_first = step_ == step::first_acknowledgment;
    const bool goes_on = is_first && !is_duplicate && !is_over;
    step_ = goes_on ? step::second_acknowledgment : step::none;
    if (goes_on) return verdict::wants_new;
    return is_first ? verdict::undecided : verdict::real;
  }

 private:
  enum class step : std::uint8_t { none, first_acknowledgment, second_acknowledgment };
  step step_ = step::none;
};

}  // namespace pentad::native
