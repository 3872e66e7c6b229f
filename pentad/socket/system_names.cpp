// Names as the system knows them, getaddrinfo(3): what remains of the time before the resolver.

#include "pentad/socket/resolver.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "pentad/base/error.hpp"
#include "pentad/runtime/blocking.hpp"

namespace pentad {
namespace {

result<ip_address> address_of(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    std::array<std::byte, 4> bytes;
    std::memcpy(bytes.data(), &reinterpret_cast<const sockaddr_in&>(address).sin_addr,
                bytes.size());
    return ip_address::v4(bytes);
  }
  if (address.sa_family == AF_INET6) {
    const auto& v6 = reinterpret_cast<const sockaddr_in6&>(address);
    std::array<std::byte, 16> bytes;
    std::memcpy(bytes.data(), &v6.sin6_addr, bytes.size());
    return ip_address::v6(bytes, v6.sin6_scope_id);
  }
  return failure(std::errc::address_family_not_supported);
}

std::error_code error_of(int code) noexcept {
  switch (code) {
    case EAI_NONAME:
    case EAI_NODATA:
      return errc::name_not_found;
    case EAI_AGAIN:
      return errc::name_try_again;
    case EAI_MEMORY:
      return std::make_error_code(std::errc::not_enough_memory);
    case EAI_SYSTEM:
      return {errno, std::generic_category()};
    default:
      return errc::name_failed;
  }
}

result<std::vector<ip_address>> look_up(const char* name) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;  // else each address comes once per kind of socket
  hints.ai_flags = AI_ADDRCONFIG;
  addrinfo* found = nullptr;
  if (const int code = ::getaddrinfo(name, nullptr, &hints, &found); code != 0) {
    return failure(error_of(code));
  }
  std::vector<ip_address> addresses;
  for (const addrinfo* each = found; each != nullptr; each = each->ai_next) {
    const result<ip_address> address = address_of(*each->ai_addr);
    if (address) addresses.push_back(*address);
  }
  ::freeaddrinfo(found);
  if (addresses.empty()) return failure(errc::name_not_found);
  return addresses;
}

}  // namespace

task<result<std::vector<ip_address>>> resolve(std::string_view name) {
  if (const result<ip_address> literal = ip_address::parse(name); literal) {
    co_return std::vector<ip_address>(1, *literal);
  }
  const std::string terminated(name);
  const auto call = [&terminated] { return look_up(terminated.c_str()); };
  result<result<std::vector<ip_address>>> looked_up = co_await blocking(call);
  if (!looked_up) co_return failure(looked_up.error());
  co_return std::move(*looked_up);
}

}  // namespace pentad
