#include "apps/messenger/server/port_holder.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string_view>
#include <system_error>
#include <vector>

namespace pentad::messenger {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view listening = "0A";  // TCP_LISTEN in /proc/net/tcp

/// The inodes of the sockets that listen on `port`, in one of the tables of proc(5) /proc/net/tcp:
/// `sl local_address rem_address st tx:rx tr:when retrnsmt uid timeout inode`, numbers in hex.
void collect_inodes(const char* table, std::uint16_t port, std::vector<std::string>& inodes) {
  std::ifstream file{table};
  std::string line;
  std::getline(file, line);  // the names of the columns
  while (std::getline(file, line)) {
    std::istringstream columns{line};
    std::string slot, local, remote, state, queues, timer, retransmits, user, timeout, inode;
    columns >> slot >> local >> remote >> state >> queues >> timer >> retransmits >> user >>
        timeout >> inode;
    const std::string_view digits = std::string_view{local}.substr(local.rfind(':') + 1);
    std::uint16_t found = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), found, 16);
    if (columns && state == listening && found == port) inodes.push_back(std::move(inode));
  }
}

bool holds_socket(const fs::path& process, const std::vector<std::string>& inodes) {
  std::error_code ignored;
  for (fs::directory_iterator files{process / "fd", ignored}, end; files != end;
       files.increment(ignored)) {
    const std::string target = fs::read_symlink(files->path(), ignored).string();
    const auto is_target = [&](const std::string& inode) {
      return target == "socket:[" + inode + "]";
    };
    if (std::ranges::any_of(inodes, is_target)) return true;
  }
  return false;
}

}  // namespace

std::optional<port_holder> find_port_holder(std::uint16_t port) {
  std::vector<std::string> inodes;
  collect_inodes("/proc/net/tcp", port, inodes);
  collect_inodes("/proc/net/tcp6", port, inodes);
  if (inodes.empty()) return std::nullopt;
  std::error_code ignored;
  for (fs::directory_iterator processes{"/proc", ignored}, end; processes != end;
       processes.increment(ignored)) {
    const std::string name = processes->path().filename();
    port_holder holder;
    const auto [rest, wrong] =
        std::from_chars(name.data(), name.data() + name.size(), holder.process);
    if (wrong != std::errc{} || rest != name.data() + name.size()) continue;
    if (!holds_socket(processes->path(), inodes)) continue;
    std::ifstream comm{processes->path() / "comm"};
    std::getline(comm, holder.program);
    return holder;
  }
  return std::nullopt;
}

}  // namespace pentad::messenger
