#include "pentad/stack/native/core/datagram_port.hpp"

#include <algorithm>

#include "pentad/stack/native/core/packet_memory.hpp"
#include "pentad/stack/native/core/port_news.hpp"
#include "pentad/stack/native/core/scope.hpp"

namespace pentad::native {
namespace {

// Where a group is to be heard: as it says, or where its route leads.
result<interface*> interface_of(ip_output& output, const group_request& wanted) {
  if (!wanted.group.is_multicast()) return failure(std::errc::invalid_argument);
  const std::uint32_t index = wanted.interface != 0 ? wanted.interface : wanted.group.scope();
  interface* const on =
      index != 0 ? output.interfaces().find(index) : output.interface_of_group(wanted.group);
  if (on == nullptr) return failure(std::errc::no_such_device);
  return on;
}

}  // namespace

port_options default_options(const core_settings& settings) noexcept {
  port_options options;
  options.time_to_live = settings.hop_limit;
  options.receive_buffer = settings.udp.receive_buffer;
  options.send_buffer = settings.udp.send_buffer;
  return options;
}

datagram_port* port_news::next() noexcept {
  if (news_.empty()) return nullptr;
  datagram_port* const next = news_.front();
  news_.pop_front();
  next->has_news_ = false;
  return next;
}

void port_news::add(datagram_port& who) {
  if (std::exchange(who.has_news_, true)) return;
  news_.push_back(&who);
}

void port_news::forget(datagram_port& who) noexcept {
  if (who.has_news_) std::erase(news_, &who);
  std::erase(blocked_, &who);
}

void port_news::tell_blocked() {
  std::erase_if(blocked_, [this](datagram_port* each) {
    if (!each->has_room()) return false;
    add(*each);
    return true;
  });
}

datagram_port::datagram_port(port_news& news, const endpoint& local) noexcept
    : news_(news), local_(local), options_(default_options(news.context_.settings)) {
  if (local.address.is_v6()) options_.time_to_live = news.context_.hop_limit_v6;
}

datagram_port::~datagram_port() {
  news_.forget(*this);
  for (const auto& each : groups_.all()) {
    joined_groups& groups =
        news_.output_.interfaces().find(each.interface)->groups(each.group.version());
    if (each.sources.empty()) groups.leave(each.group);
    for (const ip_address& source : each.sources) groups.leave(each.group, source);
  }
}

std::optional<arrived_datagram> datagram_port::receive() noexcept {
  if (queue_.empty()) return std::nullopt;
  arrived_datagram taken = std::move(queue_.front());
  queue_.pop_front();
  queued_memory_ -= held_memory(taken.payload);
  return taken;
}

// An empty queue takes a datagram of any size, or a small buffer could never be passed.
void datagram_port::enqueue(arrived_datagram&& arrived) {
  context& shared = news_.context_;
  const std::size_t memory = held_memory(arrived.payload);
  if (!queue_.empty() && queued_memory_ + memory > options_.receive_buffer) {
    ++shared.counters.datagram_queue_full;
    ++drops_;
    return;
  }
  if (options_.traced && shared.observer != nullptr) shared.observer->queued(arrived.payload);
  queued_memory_ += memory;
  queue_.push_back(std::move(arrived));
  notify();
}

void datagram_port::refuse(port_error&& told, bool ends_operations) {
  if (ends_operations) error_ = told.code;
  if (options_.errors) {
    if (kept_errors_.size() == most_kept_errors) kept_errors_.pop_front();
    kept_errors_.push_back(std::move(told));
  }
  notify();
}

// As on Linux: who has read the last report need not be told of it by the next operation.
std::optional<port_error> datagram_port::take_kept_error() noexcept {
  if (kept_errors_.empty()) return std::nullopt;
  port_error oldest = std::move(kept_errors_.front());
  kept_errors_.pop_front();
  if (!oldest.is_local) {
    const bool has_more =
        std::ranges::any_of(kept_errors_, [](const port_error& each) { return !each.is_local; });
    if (!has_more) error_ = {};
  }
  return oldest;
}

void datagram_port::notify() { news_.add(*this); }

result<void> datagram_port::join(const group_request& wanted) {
  const result<interface*> on = interface_of(news_.output_, wanted);
  if (!on) return std::unexpected(on.error());
  const auto is_new = groups_.add({wanted.group, wanted.source, (*on)->index()});
  if (!is_new) return std::unexpected(is_new.error());
  (*on)->groups(wanted.group.version()).join(without_scope(wanted.group), wanted.source);
  return {};
}

result<void> datagram_port::leave(const group_request& wanted) {
  const result<interface*> on = interface_of(news_.output_, wanted);
  if (!on) return std::unexpected(on.error());
  // Who leaves a group leaves it with all the sources that it heard.
  const std::vector<ip_address> sources =
      wanted.source ? std::vector{*wanted.source} : groups_.sources(wanted.group, (*on)->index());
  const auto is_gone = groups_.remove({wanted.group, wanted.source, (*on)->index()});
  if (!is_gone) return std::unexpected(is_gone.error());
  joined_groups& joined = (*on)->groups(wanted.group.version());
  const ip_address bare = without_scope(wanted.group);
  if (sources.empty()) joined.leave(bare);
  for (const ip_address& each : sources) joined.leave(bare, each);
  return {};
}

bool datagram_port::has_room() noexcept {
  while (!outgoing_.empty()) {
    const outstanding& oldest = outgoing_.front();
    interface& out = *news_.output_.interfaces().find(oldest.out->index());
    const bool waits_for_neighbour = oldest.until > out.frames_queued();
    const bool is_gone = waits_for_neighbour ? out.neighbours().pending_bytes() == 0
                                             : out.frames_taken() >= oldest.until;
    if (!is_gone) break;
    outgoing_memory_ -= oldest.memory;
    outgoing_.pop_front();
  }
  if (blocked_by_ != nullptr && blocked_by_->is_full()) return false;
  return outgoing_memory_ < options_.send_buffer;
}

bool datagram_port::may_send(interface& out) {
  blocked_by_ = &out;
  if (has_room()) return true;
  if (std::ranges::find(news_.blocked_, this) == news_.blocked_.end()) {
    news_.blocked_.push_back(this);
  }
  return false;
}

void datagram_port::sent(const interface& out, std::uint64_t before) {
  const std::uint64_t count = out.frames_queued() - before;
  if (count == 0) {
    // It waits for its neighbour's address, and goes with the next frames if at all.
    outgoing_memory_ += packet_pool::small_buffer;
    outgoing_.push_back({&out, out.frames_queued() + 1, packet_pool::small_buffer});
    return;
  }
  const std::size_t memory = static_cast<std::size_t>(count) * packet_pool::small_buffer;
  outgoing_memory_ += memory;
  outgoing_.push_back({&out, out.frames_queued(), memory});
}

}  // namespace pentad::native
