// What is known of packets between two addresses, worked out once and not for each packet: where
// they go, and that they may come in.
#pragma once

#include <array>
#include <bit>

#include "pentad/base/mac_address.hpp"
#include "pentad/stack/native/core/context.hpp"
#include "pentad/stack/native/core/ready_headers.hpp"

namespace pentad::native {

class interface;

/// The way of packets that leave the host, for a neighbour whose hardware address is known.
struct known_way {
  ip_address source;
  ip_address destination;
  interface* out = nullptr;
  mac_address next_hop;
  std::uint32_t mtu = 0;
  instant until{};             ///< then it must be asked for again
  std::uint64_t version = 0;   ///< of `context::ways` when it was found
  ready_headers headers = {};  ///< of the last packet that went there
};

/// Packets that come in by `from` are for this host, and may be from who they say.
struct known_arrival {
  ip_address source;
  ip_address destination;
  const interface* from = nullptr;
  instant until = never;
  std::uint64_t version = 0;
};

/// A few of those that were used last. It only remembers what others know better: any change of
/// addresses, routes, path MTUs or neighbours makes it forget.
template <class Known>
class recently_used {
 public:
  explicit recently_used(const context& shared) noexcept : context_(shared) {}

  /// Null if it is to be found out.
  Known* find(const ip_address& source, const ip_address& destination) noexcept {
    Known& known = known_[place(source, destination)];
    const bool holds = known.version == context_.ways && known.destination == destination &&
                       known.source == source && context_.now < known.until;
    return holds ? &known : nullptr;
  }

  /// `found` holds as things are now.
  void remember(const Known& found) noexcept {
    Known& known = known_[place(found.source, found.destination)];
    known = found;
    known.version = context_.ways;
  }

 private:
  static constexpr unsigned bits = 6;

  // No secret: who finds two that take turns at one place makes them as slow as without it.
  static std::size_t place(const ip_address& source, const ip_address& destination) noexcept {
    const std::uint32_t mixed = std::rotl(load_be32(source.bytes().last(4).data()), 16) ^
                                load_be32(destination.bytes().last(4).data());
    return (mixed * 0x9e3779b1U) >> (32 - bits);
  }

  const context& context_;
  std::array<Known, std::size_t{1} << bits> known_;
};

}  // namespace pentad::native
