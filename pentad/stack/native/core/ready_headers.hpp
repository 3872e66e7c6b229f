// The headers of Ethernet and IP, written once for packets that differ in little but their length.
#pragma once

#include <array>

#include "pentad/nic/packet.hpp"
#include "pentad/stack/native/core/ip_packet.hpp"
#include "pentad/wire/ethernet.hpp"
#include "pentad/wire/ipv4.hpp"
#include "pentad/wire/ipv6.hpp"

namespace pentad::native {

class ready_headers {
 public:
  /// What packets have in common besides their way.
  struct kind {
    ip_protocol protocol = ip_protocol::tcp;
    std::uint8_t time_to_live = 0;
    std::uint8_t traffic_class = 0;
    bool dont_fragment = false;  ///< of IPv4

    friend constexpr bool operator==(const kind&, const kind&) noexcept = default;
  };

  /// For no packet.
  ready_headers() = default;

  /// For packets of `of` from `source` to `destination`, in frames from `from` to `to`.
  ready_headers(const mac_address& from, const mac_address& to, const ip_address& source,
                const ip_address& destination, const kind& of) noexcept;

  bool are_for(const kind& wanted) const noexcept { return size_ != 0 && kind_ == wanted; }

  /// How many bytes they take.
  std::size_t size() const noexcept { return size_; }

  /// Makes a frame of `payload`, which becomes longer by `size()`. IPv4 gets `identification`.
  void put_before(packet& payload, std::uint16_t identification) const noexcept {
    const auto length = static_cast<std::uint16_t>(payload.size());
    if (size_ == ipv4_size) {
      std::byte* const frame = copy_before<ipv4_size>(payload);
      const auto whole = static_cast<std::uint16_t>(wire::ipv4_header::size() + length);
      wire::internet_sum sum;
      sum.add_be16(fixed_);
      sum.add_be16(whole);
      sum.add_be16(identification);
      store_be16(frame + link + 2, whole);
      store_be16(frame + link + 4, identification);
      store_be16(frame + link + 10, sum.checksum());
    } else {
      store_be16(copy_before<ipv6_size>(payload) + link + 4, length);
    }
  }

 private:
  static constexpr std::size_t link = wire::ethernet_header::size();
  static constexpr std::size_t ipv4_size = link + wire::ipv4_header::size();
  static constexpr std::size_t ipv6_size = link + wire::ipv6_header::size();

  template <std::size_t Size>
  std::byte* copy_before(packet& payload) const noexcept {
    std::byte* const frame = payload.prepend(Size).data();
    std::memcpy(frame, bytes_.data(), Size);
    return frame;
  }

  kind kind_;
  std::uint8_t size_ = 0;
  std::uint16_t fixed_ = 0;  // sum of the header of IPv4, without length, number and checksum
  std::array<std::byte, ipv6_size> bytes_{};
};

}  // namespace pentad::native
