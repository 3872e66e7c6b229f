#include "pentad/stack/kernel/socket_owners.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>

#include "pentad/base/parse_number.hpp"
#include "pentad/runtime/descriptor_handle.hpp"

namespace pentad::kernel {
namespace {

struct closer {
  void operator()(DIR* folder) const noexcept { ::closedir(folder); }
};
using folder = std::unique_ptr<DIR, closer>;

// The inode of the socket that a link like `socket:[4711]` names.
std::optional<std::uint64_t> socket_of(int in, const char* link) noexcept {
  constexpr std::string_view before = "socket:[";
  std::array<char, 64> target;
  const ssize_t size = ::readlinkat(in, link, target.data(), target.size());
  if (size <= 0) return {};
  std::string_view text(target.data(), static_cast<std::size_t>(size));
  if (!text.starts_with(before) || !text.ends_with(']')) return {};
  text.remove_prefix(before.size());
  text.remove_suffix(1);
  return parse_number<std::uint64_t>(text);
}

std::vector<std::uint64_t> sockets_of(const std::string& process) {
  std::vector<std::uint64_t> found;
  const folder descriptors(::opendir((process + "/fd").c_str()));
  if (!descriptors) return found;
  const int in = ::dirfd(descriptors.get());
  while (const dirent* each = ::readdir(descriptors.get())) {
    if (const auto inode = socket_of(in, each->d_name)) found.push_back(*inode);
  }
  std::ranges::sort(found);
  const auto doubles = std::ranges::unique(found);
  found.erase(doubles.begin(), doubles.end());
  return found;
}

std::string name_of_process(const std::string& process) {
  const descriptor_handle file(::open((process + "/comm").c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) return {};
  std::array<char, 64> text;
  const ssize_t size = ::read(file.get(), text.data(), text.size());
  std::string name(text.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
  if (name.ends_with('\n')) name.pop_back();
  return name;
}

}  // namespace

socket_owners find_socket_owners(const std::string& proc) {
  socket_owners owners;
  const folder processes(::opendir(proc.c_str()));
  if (!processes) return owners;
  while (const dirent* each = ::readdir(processes.get())) {
    const auto id = parse_number<std::uint32_t>(each->d_name);
    if (!id) continue;
    const std::string process = proc + "/" + each->d_name;
    const std::vector<std::uint64_t> sockets = sockets_of(process);
    if (sockets.empty()) continue;
    const flow_process owner{static_cast<std::int32_t>(*id), name_of_process(process)};
    for (const std::uint64_t inode : sockets) owners[inode].push_back(owner);
  }
  return owners;
}

}  // namespace pentad::kernel
