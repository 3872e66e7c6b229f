// Who gets in, as what others see them, and who is turned away: limits for each address, K-lines,
// cloaks, gateways; and the log of it.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "apps/messenger/irc/message.hpp"
#include "apps/messenger/server/admission.hpp"
#include "apps/messenger/server/client.hpp"
#include "apps/messenger/server/configuration.hpp"
#include "apps/messenger/server/housekeeping.hpp"
#include "apps/messenger/server/server_bans.hpp"
#include "pentad/base/siphash.hpp"

namespace pentad::messenger {

/// As K-lines and the masks of operators see a client.
inline suspect suspect_of(const client& who) noexcept {
  return {who.self.user, who.self.host, who.address};
}

class guard {
 public:
  /// `settings` must outlive the guard, and so must `keeper`, which may be null: then nothing is
  /// logged.
  guard(const configuration& settings, std::uint64_t seed, housekeeping* keeper);

  // Coming and going

  /// A client has connected, or a gateway has told its address: looks up what holds for `address`,
  /// an empty text for none. Returns why the client must go; nothing: it may stay.
  std::optional<std::string> enter(client& who, std::string_view address, moment now);
  void leave(client& who) noexcept;

  /// The ban that a client is under, or null.
  const server_ban* ban_on(const client& who, moment now) const;

  /// The gateway that this client is and whose password it gave, or null.
  const gateway* gateway_of(const client& who, std::string_view password) const;

  /// Whether the client may change its nick now; if so, the change counts.
  bool lets_rename(client& who, moment now) const noexcept;

  // K-lines

  const server_bans& bans() const noexcept { return bans_; }

  /// Bans that were kept before.
  void restore(server_bans bans) { bans_ = std::move(bans); }

  /// Holds at once; false when there are as many as there may be.
  bool add(server_ban added, moment now);

  /// False when there is none with this mask.
  bool remove(std::string_view mask) { return bans_.remove(mask); }

  /// The text of all that are not over, for a file.
  std::string bans_text(moment now);

  // The log

  using field = std::pair<std::string_view, std::string_view>;
  void log(std::string_view event, const client& about, moment now,
           std::initializer_list<field> more = {});

  /// For the audit and the log: who became an operator under a name, or tried to.
  void audit_login(const client& by, std::string_view name, bool granted, moment now);

  /// What an operator did.
  void audit(std::string_view deed, const client& by, const irc::message& what, moment now);

 private:
  bool is_gateway(const ip_address& address) const noexcept;

  const configuration& settings_;
  housekeeping* keeper_;
  siphash_key cloak_key_;
  admission admission_;
  server_bans bans_;
};

}  // namespace pentad::messenger
