#pragma once

/// The options of neighbour discovery messages (RFC 4861 section 4.6). Unknown ones are skipped.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "pentad/base/ip_address.hpp"
#include "pentad/base/mac_address.hpp"
#include "pentad/wire/domain_text.hpp"
#include "pentad/wire/parse_error.hpp"

namespace pentad::wire {

/// RFC 4861 section 4.6.2. Lifetimes are in seconds; 0xffff'ffff is for ever.
struct ndp_prefix {
  ip_address prefix;
  std::uint8_t length = 64;  ///< in bits
  bool on_link = false;      ///< addresses of this prefix are reached without a router
  bool autonomous = false;   ///< hosts may make themselves an address of it (RFC 4862)
  std::uint32_t valid_lifetime = 0;
  std::uint32_t preferred_lifetime = 0;

  friend constexpr bool operator==(const ndp_prefix&, const ndp_prefix&) noexcept = default;
};

/// The prefixes of one router advertisement: at most eight, further ones are not read.
class ndp_prefixes {
 public:
  static constexpr std::size_t capacity = 8;

  /// Refused, with false, when there are eight already.
  constexpr bool add(const ndp_prefix& prefix) noexcept {
    if (size_ == capacity) return false;
    prefixes_[size_++] = prefix;
    return true;
  }

  [[nodiscard]] constexpr std::size_t size() const noexcept { return size_; }
  [[nodiscard]] constexpr const ndp_prefix* begin() const noexcept { return prefixes_.data(); }
  [[nodiscard]] constexpr const ndp_prefix* end() const noexcept { return begin() + size_; }

  friend constexpr bool operator==(const ndp_prefixes&, const ndp_prefixes&) noexcept = default;

 private:
  std::array<ndp_prefix, capacity> prefixes_{};
  std::size_t size_ = 0;
};

/// RFC 8106 section 5.1. Lifetimes are as above; 0 says that it is not to be asked any more.
struct ndp_name_server {
  ip_address address;
  std::uint32_t lifetime = 0;

  friend constexpr bool operator==(const ndp_name_server&,
                                   const ndp_name_server&) noexcept = default;
};

/// RFC 8106 section 5.2: a domain that completes names.
struct ndp_search_domain : domain_text {
  std::uint32_t lifetime = 0;

  friend constexpr bool operator==(const ndp_search_domain& a,
                                   const ndp_search_domain& b) noexcept {
    return a.name() == b.name() && a.lifetime == b.lifetime;
  }
};

/// RFC 4191 section 2.1, as two bits.
enum class router_preference : std::uint8_t { medium = 0, high = 1, low = 3 };

/// RFC 4191 section 2.3: packets to the prefix are better sent to this router.
struct ndp_route {
  ip_address prefix;
  std::uint8_t length = 0;  ///< in bits
  router_preference preference = router_preference::medium;
  std::uint32_t lifetime = 0;  ///< as above; 0 takes it back

  friend constexpr bool operator==(const ndp_route&, const ndp_route&) noexcept = default;
};

/// Up to so many of them; further ones are not read.
template <class Item, std::size_t Capacity>
class ndp_list {
 public:
  constexpr bool add(const Item& item) noexcept {
    if (size_ == Capacity) return false;
    items_[size_++] = item;
    return true;
  }

  [[nodiscard]] constexpr std::size_t size() const noexcept { return size_; }
  [[nodiscard]] constexpr const Item* begin() const noexcept { return items_.data(); }
  [[nodiscard]] constexpr const Item* end() const noexcept { return begin() + size_; }

  friend constexpr bool operator==(const ndp_list& a, const ndp_list& b) noexcept {
    return std::equal(a.begin(), a.end(), b.begin(), b.end());
  }

 private:
  std::array<Item, Capacity> items_{};
  std::size_t size_ = 0;
};

using ndp_name_servers = ndp_list<ndp_name_server, 8>;
using ndp_search_domains = ndp_list<ndp_search_domain, 4>;
using ndp_routes = ndp_list<ndp_route, 8>;

/// Which of them a message may have depends on the message.
struct ndp_options {
  std::optional<mac_address> source_link_layer;
  std::optional<mac_address> target_link_layer;
  std::optional<std::uint32_t> mtu;  ///< of the link, in bytes
  ndp_prefixes prefixes;
  ndp_name_servers name_servers = {};
  ndp_search_domains search_domains = {};
  ndp_routes routes = {};

  /// Errors: `malformed`, an option of length 0, for which RFC 4861 section 4.6 has the whole
  /// message discarded; `truncated`, one that is longer than the message.
  [[nodiscard]] static parsed<ndp_options> parse(std::span<const std::byte> bytes) noexcept;

  [[nodiscard]] std::size_t size() const noexcept;
  void emit(std::span<std::byte> out) const noexcept;

  friend constexpr bool operator==(const ndp_options&, const ndp_options&) noexcept = default;
};

}  // namespace pentad::wire
