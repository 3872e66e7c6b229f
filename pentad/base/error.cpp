#include "pentad/base/error.hpp"

#include <string>

namespace pentad {

namespace {

class pentad_category final : public std::error_category {
 public:
  [[nodiscard]] const char* name() const noexcept override { return "pentad"; }

  [[nodiscard]] std::string message(int value) const override {
    switch (static_cast<errc>(value)) {
      case errc::malformed_address:
        return "malformed address";
      case errc::malformed_protocol:
        return "malformed protocol";
      case errc::malformed_tuple:
        return "malformed quintuple";
      case errc::malformed_host:
        return "malformed host";
      case errc::name_not_found:
        return "host name not found";
      case errc::name_try_again:
        return "no name server answers";
      case errc::name_failed:
        return "name service failed";
      case errc::needs_net_raw:
        return "needs the capability CAP_NET_RAW";
      case errc::needs_ping_group:
        return "needs the capability CAP_NET_RAW, or a group in net.ipv4.ping_group_range";
      case errc::no_name_server:
        return "no name server is known";
      case errc::name_has_no_address:
        return "host name has no address";
    }
    return "unknown error";
  }

  [[nodiscard]] std::error_condition default_error_condition(int value) const noexcept override {
    switch (static_cast<errc>(value)) {
      case errc::malformed_address:
      case errc::malformed_protocol:
      case errc::malformed_tuple:
      case errc::malformed_host:
        return std::errc::invalid_argument;
      case errc::name_try_again:
        return std::errc::resource_unavailable_try_again;
      case errc::needs_net_raw:
      case errc::needs_ping_group:
        return std::errc::operation_not_permitted;
      case errc::name_not_found:
      case errc::name_failed:
      case errc::no_name_server:
      case errc::name_has_no_address:
        break;
    }
    return {value, *this};
  }
};

}  // namespace

const std::error_category& category() noexcept {
  static const pentad_category instance;
  return instance;
}

}  // namespace pentad
