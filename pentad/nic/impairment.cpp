#include "pentad/nic/impairment.hpp"

#include <array>

namespace pentad {

// Each direction has its own random numbers, so that they do not depend on how the two mix.
impairment::impairment(nic& inner, event_loop& loop, std::uint64_t seed)
    : inner_(inner),
      loop_(loop),
      outbound_(loop, *this, seed),
      inbound_(loop, *this, ~seed),
      retry_(*this) {
  retry_.fire = [](timer_node& node) { static_cast<retry_timer&>(node).owner.go_on(); };
  inner_.set_ready(this);
}

impairment::~impairment() {
  inner_.set_ready(nullptr);
  outbound_.hurry();
  push();
  loop_.timers().erase(retry_);
}

std::size_t impairment::transmit(std::span<packet> batch) {
  std::size_t taken = 0;
  if (outbound_.is_clear()) {
    taken = inner_.transmit(batch);
  } else {
    for (; taken < batch.size() && outbound_.frames() < most_frames; ++taken) {
      outbound_.add(std::move(batch[taken]));
    }
    push();
  }
  waits_to_transmit_ = taken < batch.size();
  return taken;
}

std::size_t impairment::receive(std::span<packet> batch) {
  std::size_t given = 0;
  if (inbound_.is_clear()) {
    given = inner_.receive(batch);
  } else {
    pull();
    while (given < batch.size() && !inbound_.due().empty()) batch[given++] = inbound_.due().pop();
  }
  waits_to_receive_ = given < batch.size();
  return given;
}

void impairment::set_ready(nic_ready* hook) noexcept {
  ready_ = hook;
  // What the inner NIC had to say may be said already; one `receive` for nothing finds out.
  waits_to_receive_ = false;
  if (hook != nullptr) hook->receivable();
}

void impairment::pull() {
  std::array<packet, 32> batch;
  while (inbound_.frames() < most_frames) {
    const std::size_t given = inner_.receive(batch);
    for (packet& frame : std::span(batch).first(given)) inbound_.add(std::move(frame));
    if (given < batch.size()) break;
  }
}

void impairment::push() {
  while (packet frame = outbound_.due().pop()) {
    if (inner_.transmit({&frame, 1}) == 0) {
      outbound_.due().push_front(std::move(frame));
      break;
    }
  }
}

void impairment::receivable() noexcept {
  if (std::exchange(waits_to_receive_, false) && ready_ != nullptr) ready_->receivable();
}

void impairment::transmittable() noexcept {
  if (retry_.armed()) return;
  retry_.at = loop_.now();
  loop_.timers().insert(retry_);
}

void impairment::go_on() {
  push();
  if (!waits_to_transmit_ || outbound_.frames() > most_frames / 2) return;
  waits_to_transmit_ = false;
  if (ready_ != nullptr) ready_->transmittable();
}

void impairment::frames_due(impaired_path& path) {
  if (&path == &inbound_) {
    receivable();
  } else {
    go_on();
  }
}

}  // namespace pentad
