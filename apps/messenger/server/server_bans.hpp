// Who may not use the server: K-lines, by a mask of user and host or by a network of addresses.
#pragma once

#include <cstddef>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "apps/messenger/server/moment.hpp"
#include "pentad/base/ip_network.hpp"

namespace pentad::messenger {

/// Whom a ban is about.
struct suspect {
  std::string_view user;
  std::string_view host;  ///< as others see it
  std::optional<ip_address> address;
};

struct server_ban {
  std::string mask;  ///< `USER@HOST`, both with wildcards; HOST may be a network, `*@192.0.2.0/24`
  std::string reason;
  std::string set_by;
  wall_time set_at;
  std::optional<wall_time> until;  ///< none: for ever

  bool is_over(wall_time now) const noexcept { return until && *until <= now; }
};

/// Completes what an operator wrote: `192.0.2.0/24` becomes `*@192.0.2.0/24`. Nothing for a mask
/// that fits everybody, or that is none.
std::optional<std::string> ban_mask(std::string_view written);

class server_bans {
 public:
  /// Takes the place of one with the same mask.
  void add(server_ban added);

  /// False when there is none with this mask.
  bool remove(std::string_view mask);

  /// The first that fits and is not over, or null.
  const server_ban* find(const suspect& who, wall_time now) const;

  /// Whether the mask fits; `mask` is as `ban_mask` makes it.
  static bool fits(std::string_view mask, const suspect& who);

  void forget_over(wall_time now);

  std::size_t size() const noexcept { return all_.size(); }
  std::span<const server_ban> all() const noexcept { return all_; }

 private:
  std::vector<server_ban> all_;
};

/// One JSON object a line: mask, reason, set_by, set_at and until in milliseconds of Unix time.
std::string format_bans(std::span<const server_ban> bans);

/// Reads them back; else says which line is wrong: `LINE: REASON`.
std::expected<server_bans, std::string> parse_bans(std::string_view text);

}  // namespace pentad::messenger
