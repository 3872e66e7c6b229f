#include "pentad/base/unix_endpoint.hpp"

#include "pentad/base/error.hpp"

namespace pentad {

result<unix_endpoint> unix_endpoint::parse(std::string_view text) {
  if (text.empty()) return failure(errc::malformed_address);
  const bool abstract = text.starts_with('@');
  // A zero byte ends a path, but is a byte like any other in an abstract name.
  if (!abstract && text.find('\0') != std::string_view::npos) {
    return failure(errc::malformed_address);
  }
  if (text.size() > (abstract ? 1 + longest_abstract_name : longest_path)) {
    return failure(std::errc::filename_too_long);
  }
  unix_endpoint endpoint;
  text.copy(endpoint.path_.data(), endpoint.path_.size());
  endpoint.size_ = static_cast<std::uint8_t>(text.size());
  return endpoint;
}

std::string to_string(const unix_endpoint& x) { return std::string{x.path()}; }

}  // namespace pentad
