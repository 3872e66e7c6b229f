// Berkeley's calls as Pentad's values: addresses, options, errors. What both kernel stacks share.
#pragma once

#include <sys/socket.h>

#include "pentad/base/result.hpp"
#include "pentad/base/socket_address.hpp"
#include "pentad/runtime/descriptor_handle.hpp"
#include "pentad/stack/stack.hpp"

namespace pentad::kernel {

/// An address as the system takes it, sockaddr(3type).
class native_address {
 public:
  native_address() noexcept : size_(sizeof storage_) {}
  explicit native_address(const socket_address& address) noexcept;

  const sockaddr* get() const noexcept { return reinterpret_cast<const sockaddr*>(&storage_); }
  sockaddr* get() noexcept { return reinterpret_cast<sockaddr*>(&storage_); }
  socklen_t size() const noexcept { return size_; }
  socklen_t* size_to_fill() noexcept { return &size_; }

  /// IPv4 peers of a dual-stack socket have IPv4 addresses. Errors:
  /// `address_family_not_supported`.
  result<socket_address> value() const;

 private:
  sockaddr_storage storage_{};
  socklen_t size_;
};

/// socket(2) with the defaults of Pentad and `options`. `flags`: SOCK_NONBLOCK or 0.
result<descriptor_handle> open_stream(address_family family, const stream_options& options,
                                      int flags);

/// setsockopt(2) for each option that is set.
result<void> set_options(int descriptor, address_family family, const stream_options& options);

/// Without those options that only a connected stream has.
stream_options for_any_socket(stream_options options) noexcept;

/// The family of an open socket.
address_family family_of(int descriptor) noexcept;

result<void> bind(int descriptor, const socket_address& local);
result<void> shutdown(int descriptor, direction way);
result<socket_address> local_address(int descriptor);
result<socket_address> remote_address(int descriptor);
stream_info read_info(int descriptor);

/// sendfile(2) of what is left of `operation`, as much as one call takes: how many bytes, 0 at the
/// end of the file, -1 and errno.
ssize_t send_file(int descriptor, const send_file_operation& operation) noexcept;

/// Makes the next close send a reset: SO_LINGER with a time of zero, socket(7).
void reset_on_close(int descriptor) noexcept;

/// Ends a TCP connection by a reset, with the socket still open; what was to be sent is forgotten.
void disconnect(int descriptor) noexcept;

/// Whether a TCP connection is over.
bool is_closed(int descriptor) noexcept;

/// The error that a socket has pending, SO_ERROR; 0 for none.
int pending_error(int descriptor) noexcept;

/// Whether a TCP connection of which `received` bytes were read, and a receive has just returned 0,
/// is over without the peer's FIN. Linux tells the error of a connection once, and a send may have
/// taken it; after that receives return 0 as if the peer had finished sending. Worth asking only
/// when a call has failed: as long as none has, the error is still there.
bool was_cut_off(int descriptor, std::uint64_t received) noexcept;

}  // namespace pentad::kernel
