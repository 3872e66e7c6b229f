// The answer to a request for all of something (NLM_F_DUMP of netlink(7)): many messages in many
// datagrams, with an end, or an error instead.
#pragma once

#include "pentad/stack/kernel/netlink.hpp"

namespace pentad::kernel {

class dump_reader {
 public:
  /// `sequence` is that of the request: messages with another one are not of this answer.
  explicit dump_reader(std::uint32_t sequence) noexcept : sequence_(sequence) {}

  /// Reads the next datagram and calls `use(payload)`, a `result<>`, for each part of the answer.
  /// Errors: what the kernel answers instead; `bad_message`; those of `use`.
  template <class Use>
  result<> read(std::span<const std::byte> datagram, Use use) {
    while (!datagram.empty() && !is_complete_) {
      const result<netlink_message> message = take_message(datagram);
      if (!message) return failure(message.error());
      if (message->sequence != sequence_) continue;
      if ((message->flags & NLM_F_DUMP_INTR) != 0) was_interrupted_ = true;
      const result<> done =
          message->type < NLMSG_MIN_TYPE ? control(*message) : result<>(use(message->payload));
      if (!done) return done;
    }
    return {};
  }

  /// Whether the end has come.
  bool is_complete() const noexcept { return is_complete_; }

  /// Whether the table changed while it was read: parts may be missing or double.
  bool was_interrupted() const noexcept { return was_interrupted_; }

 private:
  result<> control(const netlink_message& message) noexcept;

  std::uint32_t sequence_;
  bool is_complete_ = false;
  bool was_interrupted_ = false;
};

}  // namespace pentad::kernel
