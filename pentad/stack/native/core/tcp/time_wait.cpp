#include "pentad/stack/native/core/tcp/time_wait.hpp"

#include "pentad/stack/native/core/tcp/tcp.hpp"

namespace pentad::native {

time_wait::time_wait(tcp& owner, const five_tuple& of, const remains& left)
    : demultiplexed(kind::time_wait, of), owner_(owner), remains_(left) {
  owner_.table_.insert(*this);
  fire = [](timer_node& node) { delete &static_cast<time_wait&>(node); };
  restart();
}

time_wait::~time_wait() {
  owner_.timers_.erase(*this);
  owner_.table_.erase(*this);
}

void time_wait::restart() noexcept {
  owner_.timers_.erase(*this);
  at = later(owner_.now_, owner_.settings_.time_wait);
  owner_.timers_.insert(*this);
}

// RFC 9293, section 3.10.7.4, with RFC 1337 (resets do not end it) and RFC 6191 (a new SYN does).
bool time_wait::arrived(const segment& incoming) {
  if (incoming.has(wire::tcp_rst)) return false;
  if (incoming.has(wire::tcp_syn) && !incoming.has(wire::tcp_ack) && is_newer(incoming)) {
    return true;
  }
  if (incoming.has(wire::tcp_fin) &&
      incoming.sequence + incoming.length() == remains_.receive_next) {
    restart();
  }
  if (incoming.length() != 0) acknowledge();
  return false;
}

// Whether a SYN cannot be taken for something of the old connection, nor anything of the old one
// for something of the new (RFC 6191, section 2).
bool time_wait::is_newer(const segment& syn) const noexcept {
  const bool has_time = owner_.settings_.timestamps && syn.options.timestamps.has_value();
  if (has_time && !remains_.timestamps) return true;
  if (has_time) {
    const auto later =
        static_cast<std::int32_t>(syn.options.timestamps->value - remains_.recent_timestamp);
    if (later != 0) return later > 0;
  }
  return syn.sequence > remains_.receive_next;
}

void time_wait::acknowledge() {
  wire::tcp_header header = header_for(tuple, wire::tcp_ack);
  header.sequence = remains_.send_next;
  header.acknowledgment = remains_.receive_next;
  header.window = static_cast<std::uint16_t>(remains_.window);
  if (remains_.timestamps) {
    header.options.timestamps = wire::tcp_timestamps{
        owner_.timestamp_clock() + remains_.timestamp_offset, remains_.recent_timestamp};
  }
  owner_.send_bare(tuple, header);
}

}  // namespace pentad::native
