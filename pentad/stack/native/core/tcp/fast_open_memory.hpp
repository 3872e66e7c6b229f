// What a client remembers of servers for its next fast open (RFC 7413, section 4.1.3): their
// cookies and segment sizes, and whether the network on the way drops SYNs that carry data.
#pragma once

#include <algorithm>
#include <optional>
#include <vector>

#include "pentad/base/clock.hpp"
#include "pentad/base/ip_address.hpp"
#include "pentad/wire/tcp_options.hpp"

namespace pentad::native {

class fast_open_memory {
 public:
  /// Servers; the one that was of use least recently is forgotten for another.
  static constexpr std::size_t most = 256;

  struct ticket {
    wire::tcp_fast_open_cookie cookie;
    std::uint32_t segment_size = 536;  ///< the server's option (section 4.1.3)
  };

  /// With what a connection to `server` can begin; nothing if there is no cookie, or if it is wise
  /// to do without.
  std::optional<ticket> find(const ip_address& server, instant now) noexcept {
    entry* const known = use(server);
    if (known == nullptr || known->held.cookie.bytes().empty() || now < known->not_before) {
      return std::nullopt;
    }
    return known->held;
  }

  void learned(const ip_address& server, const ticket& given) { entry_of(server).held = given; }

  /// A SYN with data was lost, and one without was answered. After the second time in a row it is
  /// not tried for a while, twice as long each time (section 7.2; Linux:
  /// tcp_fastopen_cookie_check).
  void lost(const ip_address& server, instant now) {
    entry& known = entry_of(server);
    known.losses = std::min(known.losses + 1, most_losses);
    if (known.losses > 1) {
      known.not_before = later(now, std::chrono::minutes(1) * (1 << known.losses));
    }
  }
  void worked(const ip_address& server) noexcept {
    if (entry* const known = use(server)) known->losses = 0;
  }

  std::size_t size() const noexcept { return entries_.size(); }

 private:
  static constexpr int most_losses = 10;

  struct entry {
    ip_address server;
    ticket held;
    int losses = 0;
    instant not_before{};
  };

  // Moves it to the end.
  entry* use(const ip_address& server) noexcept {
    const auto found = std::ranges::find(entries_, server, &entry::server);
    if (found == entries_.end()) return nullptr;
    std::rotate(found, found + 1, entries_.end());
    return &entries_.back();
  }
  entry& entry_of(const ip_address& server) {
    if (entry* const known = use(server)) return *known;
    if (entries_.size() == most) entries_.erase(entries_.begin());
    return entries_.emplace_back(entry{.server = server, .held = {}});
  }

  std::vector<entry> entries_;  // the most recent last
};

}  // namespace pentad::native
