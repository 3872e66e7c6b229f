#include "pentad/stack/kernel/kernel_packets.hpp"

#include <arpa/inet.h>
#include <linux/filter.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <sys/socket.h>

#include <cerrno>
#include <vector>

#include "pentad/base/error.hpp"
#include "pentad/stack/kernel/packet_ring.hpp"
#include "pentad/stack/kernel/set_option.hpp"

namespace pentad::kernel {
namespace {

class kernel_packets final : public packet_impl, public pooled, private descriptor_watch {
 public:
  kernel_packets(descriptor_engine& engine, event_loop& loop, descriptor_handle opened) noexcept
      : engine_(engine), loop_(loop), descriptor_(std::move(opened)) {}

  result<void> set_up(const packet_options& options);

  bool start(receive_frame_operation& operation) override;
  void stop(receive_frame_operation& operation) noexcept override;
  result<void> send(std::uint32_t interface, std::span<const std::byte> frame) override;
  result<packet_statistics> statistics() override;
  void release() noexcept override;

 private:
  ~kernel_packets() = default;

  void ready() noexcept override;
  bool attempt(receive_frame_operation& operation) noexcept;
  static void carry_out(ready_node& node);

  descriptor_engine& engine_;
  event_loop& loop_;
  descriptor_handle descriptor_;
  packet_ring ring_;
  receive_frame_operation* waiting_ = nullptr;
  packet_statistics counted_;  // the kernel starts anew each time it is asked
  bool is_watched_ = false;
};

result<void> attach(int descriptor, std::span<const filter_instruction> filter) {
  std::vector<sock_filter> instructions;
  for (const filter_instruction& each : filter) {
    instructions.push_back({each.code, each.jump_true, each.jump_false, each.operand});
  }
  const sock_fprog program{static_cast<unsigned short>(instructions.size()), instructions.data()};
  return set_option(descriptor, SOL_SOCKET, SO_ATTACH_FILTER, program);
}

// The protocol is given here, not to socket(2): frames of other interfaces than the wanted one, and
// such as the filter drops, never come into the ring.
result<void> bind_to(int descriptor, std::uint32_t interface) {
  sockaddr_ll address{};
  address.sll_family = AF_PACKET;
  address.sll_protocol = htons(ETH_P_ALL);
  address.sll_ifindex = static_cast<int>(interface);
  if (::bind(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    return failure_from_errno(errno);
  }
  return {};
}

result<void> hear_all_stations(int descriptor, std::uint32_t interface) {
  packet_mreq request{};
  request.mr_ifindex = static_cast<int>(interface);
  request.mr_type = PACKET_MR_PROMISC;
  return set_option(descriptor, SOL_PACKET, PACKET_ADD_MEMBERSHIP, request);
}

result<void> kernel_packets::set_up(const packet_options& options) {
  const int descriptor = descriptor_.get();
  result<void> set = ring_.open(descriptor, options.ring_bytes);
  if (set && !options.filter.empty()) set = attach(descriptor, options.filter);
  if (set) set = bind_to(descriptor, options.interface);
  if (set && options.promiscuous && options.interface != 0) {
    set = hear_all_stations(descriptor, options.interface);
  }
  if (set) set = engine_.watch(descriptor, *this);
  is_watched_ = set.has_value();
  return set;
}

bool kernel_packets::attempt(receive_frame_operation& operation) noexcept {
  if (ring_.next(operation.frame)) return true;
  int error = 0;
  socklen_t size = sizeof error;
  ::getsockopt(descriptor_.get(), SOL_SOCKET, SO_ERROR, &error, &size);
  operation.error = error;
  return error != 0;
}

bool kernel_packets::start(receive_frame_operation& operation) {
  if (waiting_ != nullptr) {
    operation.error = EALREADY;
    return true;
  }
  if (ring_.next(operation.frame)) return true;
  waiting_ = &operation;
  operation.env->run = &carry_out;
  return false;
}

void kernel_packets::ready() noexcept {
  if (waiting_ == nullptr || waiting_->queued) return;
  waiting_->queued = true;
  loop_.push(*waiting_->env);
}

void kernel_packets::carry_out(ready_node& node) {
  auto& operation = static_cast<receive_frame_operation&>(*static_cast<environment&>(node).current);
  auto& self = static_cast<kernel_packets&>(*operation.impl);
  operation.queued = false;
  if (!self.descriptor_) {
    operation.error = ECANCELED;
  } else if (!self.attempt(operation)) {
    if (operation.why == stop_reason::none) return;
    operation.error = operation.stop_error();
  }
  self.waiting_ = nullptr;
  if (!self.descriptor_) delete &self;
  operation.resume();
}

void kernel_packets::stop(receive_frame_operation& operation) noexcept {
  if (operation.queued) return;
  waiting_ = nullptr;
  operation.error = operation.stop_error();
  operation.end();
}

result<void> kernel_packets::send(std::uint32_t interface, std::span<const std::byte> frame) {
  sockaddr_ll to{};
  to.sll_family = AF_PACKET;
  to.sll_ifindex = static_cast<int>(interface);
  const ssize_t sent = ::sendto(descriptor_.get(), frame.data(), frame.size(), MSG_DONTWAIT,
                                reinterpret_cast<const sockaddr*>(&to), sizeof to);
  if (sent < 0) return failure_from_errno(errno);
  return {};
}

result<packet_statistics> kernel_packets::statistics() {
  tpacket_stats_v3 since{};
  socklen_t size = sizeof since;
  if (::getsockopt(descriptor_.get(), SOL_PACKET, PACKET_STATISTICS, &since, &size) != 0) {
    return failure_from_errno(errno);
  }
  counted_.received += since.tp_packets;
  counted_.dropped += since.tp_drops;
  return counted_;
}

void kernel_packets::release() noexcept {
  if (is_watched_) engine_.unwatch(descriptor_.get(), *this);
  descriptor_ = {};
  if (waiting_ == nullptr) {
    delete this;
  } else {
    ready();  // ends it, and then this
  }
}

}  // namespace

result<owned_impl<packet_impl>> open_packets(descriptor_engine& engine, event_loop& loop,
                                             const packet_options& options) {
  descriptor_handle opened(::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!opened) {
    if (errno == EPERM || errno == EACCES) return failure(errc::needs_net_raw);
    return failure_from_errno(errno);
  }
  auto* made = new kernel_packets(engine, loop, std::move(opened));
  owned_impl<packet_impl> owned(made);
  if (const result<void> set = made->set_up(options); !set) return failure(set.error());
  return owned;
}

}  // namespace pentad::kernel
