// Asks the link whether somebody has an address already, before this host uses it (RFC 4862,
// section 5.4; RFC 5227 for IPv4).
#pragma once

#include <list>

#include "pentad/base/ip_address.hpp"
#include "pentad/stack/native/core/context.hpp"

namespace pentad::native {

class interface;

class duplicate_detection {
 public:
  duplicate_detection(context& shared, interface& link) noexcept
      : context_(shared), interface_(link) {}
  duplicate_detection(const duplicate_detection&) = delete;
  duplicate_detection& operator=(const duplicate_detection&) = delete;
  ~duplicate_detection();

  /// Asks `probes` times; the address is assigned when nobody has answered.
  void begin(const ip_address& tentative, unsigned probes);
  void begin(const ip_address& tentative, const address_check& how);

  /// The address is not to be checked any more.
  void forget(const ip_address& address) noexcept;

  /// Somebody else has the address or asks for it, too.
  void conflict(ip_address address);

 private:
  struct check : timer_node {
    check(duplicate_detection& owner_, const ip_address& address_,
          const address_check& how) noexcept
        : owner(owner_), address(address_), probes_left(how.probes), wait(how.wait) {}

    duplicate_detection& owner;
    ip_address address;
    unsigned probes_left;
    duration wait;  // after the last
  };

  void proceed(check& running);
  void finish(check& finished) noexcept;
  duration random_delay(duration least, duration most) noexcept;

  context& context_;
  interface& interface_;
  std::list<check> running_;
};

}  // namespace pentad::native
