// One direction of a bad link: takes frames, loses some of them, and gives the others up when their
// time has come.
#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

#include "pentad/nic/packet_queue.hpp"
#include "pentad/nic/seeded_random.hpp"
#include "pentad/runtime/event_loop.hpp"

namespace pentad {

/// What happens to the frames of one direction. Probabilities are from 0 to 1, of each frame, and
/// independent. In the order of a wire: a frame waits for the line, then it may be lost, corrupted
/// or doubled, and travels.
struct impairments {
  std::uint64_t rate = 0;  ///< bits of frames per second; 0: no limit
  /// How much may wait for the line; a frame that comes then is dropped.
  std::size_t queue_bytes = std::size_t{256} << 10;
  double loss = 0;
  double corrupt = 0;    ///< one bit behind the Ethernet header is turned over
  double duplicate = 0;  ///< a second one arrives right behind it
  duration delay{};
  duration jitter{};  ///< up to so much more delay, evenly; frames stay in order
  double reorder = 0;
  duration reorder_delay = std::chrono::milliseconds(1);  ///< of those that others overtake

  /// Whether frames pass as they are and at once.
  [[nodiscard]] bool none() const noexcept {
    return rate == 0 && loss <= 0 && corrupt <= 0 && duplicate <= 0 && reorder <= 0 &&
           delay <= duration::zero() && jitter <= duration::zero();
  }
};

struct impairment_counters {
  std::uint64_t frames = 0;  ///< that came, super-segments counted by their parts
  std::uint64_t queue_drops = 0;
  std::uint64_t lost = 0;
  std::uint64_t corrupted = 0;
  std::uint64_t duplicated = 0;
  std::uint64_t reordered = 0;
  std::uint64_t broken = 0;  ///< dropped: no memory, or an offload that contradicts the bytes

  friend bool operator==(const impairment_counters&, const impairment_counters&) = default;
};

class impaired_path : private timer_node {
 public:
  /// Hears that frames have become due, from the timers of the loop.
  class owner {
   public:
    virtual void frames_due(impaired_path& path) = 0;

   protected:
    ~owner() = default;
  };

  impaired_path(event_loop& loop, owner& owned_by, std::uint64_t seed) noexcept;
  ~impaired_path() { loop_.timers().erase(*this); }

  /// From the next frame on.
  void set(const impairments& wanted) noexcept { wanted_ = wanted; }

  /// Whether frames may pass it by: nothing is to happen to them and none is in it.
  [[nodiscard]] bool is_clear() const noexcept { return wanted_.none() && frames() == 0; }

  /// Takes a frame, which goes into `due` at once if nothing delays it.
  void add(packet frame);

  /// The time of all that is on its way has come.
  void hurry() { collect_due(never); }

  /// Frames whose time has come, in order.
  [[nodiscard]] packet_queue& due() noexcept { return due_; }

  /// How many are on their way or due.
  [[nodiscard]] std::size_t frames() const noexcept { return traveling_.size() + due_.count(); }

  [[nodiscard]] const impairment_counters& counters() const noexcept { return counters_; }

 private:
  struct traveler {
    instant arrives;
    std::uint64_t sequence;
    packet frame;
  };

  static bool arrives_later(const traveler& a, const traveler& b) noexcept {
    return a.arrives != b.arrives ? a.arrives > b.arrives : a.sequence > b.sequence;
  }

  void add_one(packet frame);
  [[nodiscard]] bool wait_for_line(std::size_t size, instant& leaves) noexcept;
  [[nodiscard]] bool corrupt(packet& frame, std::uint64_t where) noexcept;
  void travel(packet frame, instant arrives);
  void collect_due(instant now);
  void expired();

  event_loop& loop_;
  owner& owner_;
  seeded_random random_;
  impairments wanted_;
  instant line_is_free_{};
  instant last_in_order_{};
  std::vector<traveler> traveling_;  // a heap, the first to arrive on top
  std::uint64_t sequence_ = 0;
  packet_queue due_;
  impairment_counters counters_;
};

}  // namespace pentad
