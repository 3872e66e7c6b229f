// How a host on Pentad's own stack turns names into addresses: as its text says, and as servers and
// routers tell while it lives.
#pragma once

#include <memory>

#include "pentad/hosts/native_text.hpp"
#include "pentad/socket/resolver_configuration.hpp"
#include "pentad/stack/native/core/core.hpp"

namespace pentad {

class told_names {
 public:
  /// `network` must outlive this.
  told_names(const native_text& wanted, const native::core& network)
      : own_(wanted.name_servers), network_(network) {}

  /// As it is now; the same object as long as nothing has changed.
  std::shared_ptr<const resolver_configuration> current();

 private:
  std::vector<ip_address> own_;
  const native::core& network_;
  std::uint64_t version_ = 0;
  std::shared_ptr<const resolver_configuration> known_;
};

}  // namespace pentad
