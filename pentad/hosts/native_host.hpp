// A host on Pentad's own stack, behind a TAP device or on the link of one of Linux's interfaces.
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
  /// `packet_nic::open`, `configure_link` and `recorder::open`; `address_in_use`, Linux has an
  /// address that the host is to have on the same link; `timed_out`, no server or router has told
  /// of an address within 10 s. It blocks for so long, so that the host is there with its address.
  static std::expected<std::unique_ptr<native_host>, native_host_error> open(
      const native_text& wanted);

  /// What root must type before Linux and this host get along, a command on each line: empty if a
  /// TAP device was there or has been set up, or if Linux does not forward what it hears on the
  /// link.
  [[nodiscard]] virtual std::string commands_for_linux() const = 0;

  /// How frames come in where that depends on what Linux allows, and how many were lost so far
  /// because they came too fast: a line for each card of which there is something to say.
  [[nodiscard]] virtual std::string receiving() const = 0;
  [[nodiscard]] virtual std::string losses() const = 0;

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
