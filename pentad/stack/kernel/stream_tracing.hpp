// When the bytes of a stream passed the hops of their path, from SO_TIMESTAMPING. Made when
// somebody asks for it.
#pragma once

#include <memory>
#include <span>

#include "pentad/stack/kernel/message_frame.hpp"
#include "pentad/stack/operations.hpp"
#include "pentad/stack/traced_messages.hpp"

namespace pentad::kernel {

class stream_tracing {
 public:
  /// Has the kernel stamp what is sent and received from now on. Errors: `invalid_argument` unless
  /// the stream is connected.
  static result<void> start(int descriptor);
  static result<void> end(int descriptor);

  /// `sent`: how many bytes were sent before.
  explicit stream_tracing(std::uint64_t sent) noexcept : sent_before_(sent) {}

  /// A message of the bytes after `begin` up to `end` of the stream is given to the socket.
  void given(std::uint64_t begin, std::uint64_t end);

  /// Takes what the kernel has to tell. As long as it has something, it calls the socket ready, so
  /// this comes before every wait.
  void collect(int descriptor);

  /// Starts an operation on the tracing of a stream, which is null while it is off. Whether the
  /// operation has ended; if not it is `waiting`.
  static bool start(stream_tracing* tracing, int descriptor, sent_message_operation& operation);

  /// The next message whose times are complete. Whether there is one.
  bool report(int descriptor, sent_message& into);

  /// recvmsg(2), with the times of what it gives. As recv(2) returns it.
  ssize_t receive(int descriptor, std::span<std::byte> buffer) noexcept;

  /// The same in two steps, with the kernel filling `frame` between them.
  message_frame& frame() noexcept { return frame_; }
  void take_times() noexcept;

  const hop_times& received() const noexcept { return received_; }

  operation* waiting = nullptr;  ///< a sent_message_operation

 private:
  std::uint64_t sent_before_;
  traced_messages sent_;
  message_frame frame_;
  hop_times received_;
};

/// The option `path_tracing` of a stream: `tracing` is there while it is on. Turning it off fails
/// with `device_or_resource_busy` while somebody waits for times.
result<void> set_tracing(std::unique_ptr<stream_tracing>& tracing, int descriptor, bool on,
                         std::uint64_t sent);

}  // namespace pentad::kernel
