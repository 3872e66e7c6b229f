#include "pentad/nic/memory.hpp"

#include "pentad/nic/transmit_check.hpp"

namespace pentad {

memory_link_options memory_link_options::offloading() noexcept {
  memory_link_options options;
  options.capabilities = {.transmit_checksum = true,
                          .receive_checksum = true,
                          .segment_tcp_v4 = true,
                          .segment_tcp_v6 = true,
                          .segment_udp = true,
                          .coalesces = true,
                          .segment_limit = 65535};
  return options;
}

memory_link::memory_link(packet_pool& first_pool, packet_pool& second_pool,
                         const memory_link_options& options)
    : options_(options),
      first_(options_, first_pool, second_, {2, 0, 0, 0, 0, 1}),
      second_(options_, second_pool, first_, {2, 0, 0, 0, 0, 2}) {}

nic_capabilities memory_nic::capabilities() const noexcept { return options_.capabilities; }

std::size_t memory_nic::transmit(std::span<packet> batch) {
  std::size_t taken = 0;
  for (; taken < batch.size(); ++taken) {
    packet& frame = batch[taken];
    const std::size_t size = frame.size();
    if (!can_transmit(frame, options_.capabilities, options_.mtu)) {
      ++counters_.transmit_drops;
      frame = {};
      continue;
    }
    if (!other_.has_room_for(size)) break;
    ++counters_.transmitted_frames;
    counters_.transmitted_bytes += size;
    other_.arrive(std::move(frame));
  }
  waits_to_transmit_ = taken < batch.size();
  return taken;
}

std::size_t memory_nic::receive(std::span<packet> batch) {
  std::size_t given = 0;
  for (; given < batch.size() && !arrived_.empty(); ++given) {
    batch[given] = arrived_.pop();
    ++counters_.received_frames;
    counters_.received_bytes += batch[given].size();
  }
  waits_to_receive_ = given < batch.size();
  // Not at the first free place: a sender that is woken for one frame at a time is slow.
  if (other_.waits_to_transmit_ && half_empty()) {
    other_.waits_to_transmit_ = false;
    if (other_.ready_ != nullptr) other_.ready_->transmittable();
  }
  return given;
}

void memory_nic::set_ready(nic_ready* hook) noexcept {
  ready_ = hook;
  waits_to_receive_ = arrived_.empty();
  if (hook != nullptr && !arrived_.empty()) hook->receivable();
}

// However long, a frame has room on an empty cable.
bool memory_nic::has_room_for(std::size_t size) const noexcept {
  return arrived_.empty() || (arrived_.count() < options_.queue_frames &&
                              arrived_.bytes() + size <= options_.queue_bytes);
}

bool memory_nic::half_empty() const noexcept {
  return arrived_.count() <= options_.queue_frames / 2 &&
         arrived_.bytes() <= options_.queue_bytes / 2;
}

void memory_nic::arrive(packet frame) {
  packet received = as_received(std::move(frame));
  if (!received) {
    ++counters_.receive_drops;
    return;
  }
  if (!options_.capabilities.receive_checksum) received.set_offload({});
  arrived_.push(std::move(received));
  if (!std::exchange(waits_to_receive_, false)) return;
  if (ready_ != nullptr) ready_->receivable();
}

packet memory_nic::as_received(packet frame) {
  if (&frame.pool() == &pool_) return frame;
  return pool_.copy(frame);
}

}  // namespace pentad
