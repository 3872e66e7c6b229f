// One network card of a host on Pentad's own stack: a TAP device or an interface of Linux, with
// what happens to its frames and who writes them down.
#pragma once

#include <memory>
#include <string>

#include "pentad/hosts/native_host.hpp"
#include "pentad/nic/impairment.hpp"
#include "pentad/nic/packet_nic.hpp"
#include "pentad/nic/recorder.hpp"
#include "pentad/runtime/descriptor.hpp"
#include "pentad/stack/native/core/settings.hpp"

namespace pentad {

/// Where a card gets what it stands on; all of it must outlive the card.
struct card_surroundings {
  event_loop& loop;
  packet_pool& packets;
  descriptor_engine& engine;
  std::shared_ptr<recording_file> recording;  ///< null: nobody records
};

class native_card {
 public:
  /// The card that `wanted` describes, as `whole` has it. Errors: those of `native_host::open`.
  static std::expected<native_card, native_host_error> open(const card_text& wanted,
                                                            const native_text& whole,
                                                            const card_surroundings& here);

  nic& card() const noexcept {
    if (record_) return *record_;
    if (link_) return *link_;
    return *device_;
  }

  /// What root must type, a command on each line; may be empty.
  const std::string& commands() const noexcept { return commands_; }

  /// How frames come in where that depends on Linux, as a sentence; may be empty.
  std::string receiving() const;
  /// What was lost because it came too fast, as a sentence; may be empty.
  std::string losses() const;

 private:
  std::unique_ptr<nic> device_;
  const packet_nic* shared_ = nullptr;  // the device, if it is one
  std::string name_;
  std::unique_ptr<impairment> link_;
  std::unique_ptr<recorder> record_;
  std::string commands_;
};

/// The addresses and the rest of what the stack has to know of the card.
native::interface_settings interface_of(const card_text& wanted);

}  // namespace pentad
