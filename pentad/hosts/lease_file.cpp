#include "pentad/hosts/lease_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <fstream>

#include "pentad/runtime/descriptor_handle.hpp"

namespace pentad {

std::optional<ip_address> read_lease(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  if (!std::getline(file, line)) return std::nullopt;
  const result<ip_address> address = ip_address::parse(line);
  if (!address || !address->is_v4() || address->is_unspecified() || address->is_multicast()) {
    return std::nullopt;
  }
  return *address;
}

result<void> write_lease(const std::string& path, const ip_address& address) {
  const std::string fresh = path + ".new";
  const std::string line = to_string(address) + "\n";
  {
    const descriptor_handle file(
        ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    if (!file) return failure_from_errno(errno);
    const ssize_t written = ::write(file.get(), line.data(), line.size());
    if (written < 0) return failure_from_errno(errno);
    if (static_cast<std::size_t>(written) != line.size()) {
      return failure(std::errc::no_space_on_device);
    }
  }
  if (std::rename(fresh.c_str(), path.c_str()) != 0) return failure_from_errno(errno);
  return {};
}

}  // namespace pentad
