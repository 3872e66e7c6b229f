// A host on Pentad's own stack behind a TAP device.
#pragma once

#include <expected>
#include <memory>
#include <string>

#include "pentad/hosts/native_text.hpp"
#include "pentad/socket/host.hpp"

namespace pentad {

/// Why there is no host, as a code and as a sentence that says what to do.
struct native_host_error {
  std::error_code code;
  std::string sentence;
};

class native_host : public host {
 public:
  /// The host that `wanted` describes, for the calling thread. Errors: those of `tap_nic::open`,
  /// `configure_link` and `recorder::open`.
  static std::expected<std::unique_ptr<native_host>, native_host_error> open(
      const native_text& wanted);

  /// What root must type before Linux and this host reach each other, a command on each line: empty
  /// if the device was there, or has been set up.
  [[nodiscard]] virtual std::string commands_for_linux() const = 0;

  /// This machine as a host on the same loop, on Linux's stack: for what the program says to others
  /// here, such as through Unix sockets. It is made when it is first asked for. Errors: those of
  /// `make_host("kernel")`.
  virtual result<host*> machine() = 0;

  /// Writes the rest of the recording, if there is one. Errors: those of write(2), now or before;
  /// the recording ended there.
  virtual result<void> flush_recording() = 0;

 protected:
  using host::host;
};

}  // namespace pentad
