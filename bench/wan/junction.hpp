// Joins two network cards: what one receives, the other transmits.
#pragma once

#include <array>
#include <functional>

#include "pentad/nic/nic.hpp"
#include "pentad/nic/packet_queue.hpp"
#include "pentad/runtime/event_loop.hpp"

namespace pentad::bench {

class junction final : private ready_node {
 public:
  /// Whether a frame on its way from `a` to `b` is lost here.
  using loses = std::function<bool(std::span<const std::byte>)>;

  /// All must outlive it.
  junction(nic& a, nic& b, event_loop& loop, loses lost);
  ~junction();
  junction(const junction&) = delete;
  junction& operator=(const junction&) = delete;

 private:
  // Cards may not be called from their hooks, so these only queue the work.
  struct hook final : nic_ready {
    explicit hook(junction& owned_by) noexcept : owner(owned_by) {}
    void receivable() noexcept override { owner.wake(); }
    void transmittable() noexcept override { owner.wake(); }
    junction& owner;
  };
  struct way {
    nic& from;
    nic& to;
    packet_queue waiting;  // for room
  };

  void wake() noexcept;
  void move_frames();
  bool move_some(way& along, bool may_lose);

  event_loop& loop_;
  loses lost_;
  hook hook_;
  std::array<way, 2> ways_;
  bool is_awake_ = false;
};

}  // namespace pentad::bench
