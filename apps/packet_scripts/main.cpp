// pentad-pkt: runs TCP scripts in packetdrill's notation over Pentad's own stack.

#include <algorithm>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "apps/packet_scripts/run.hpp"

namespace pentad::packet_scripts {
namespace {

constexpr std::string_view help =
    "usage: pentad-pkt [--ip_version=ipv4|ipv6] FILE_OR_FOLDER...\n"
    "\n"
    "Runs TCP scripts in packetdrill's notation over Pentad's own stack, in virtual time and "
    "without\n"
    "a network. A folder stands for all files in it, and below, that end with .pkt.\n"
    "Exit: 0 nothing failed and at least one passed, 1 otherwise, 2 wrong usage.\n";

constexpr int exit_passed = 0;
constexpr int exit_failed = 1;
constexpr int exit_usage = 2;

struct totals {
  unsigned passed = 0;
  unsigned failed = 0;
  unsigned not_supported = 0;
};

int refuse(const std::string& why) {
  std::fputs(("pentad-pkt: " + why + "\n  See pentad-pkt --help.\n").c_str(), stderr);
  return exit_usage;
}

void say(const std::string& line) { std::fputs((line + "\n").c_str(), stdout); }

std::vector<std::string> scripts_in(const std::filesystem::path& folder) {
  std::vector<std::string> found;
  for (const auto& each : std::filesystem::recursive_directory_iterator(folder)) {
    if (each.is_regular_file() && each.path().extension() == ".pkt") {
      found.push_back(each.path().string());
    }
  }
  std::ranges::sort(found);
  return found;
}

void report(const std::string& file, const verdict& told, totals& so_far) {
  const std::string line = file + ":" + std::to_string(told.line);
  switch (told.what) {
    case verdict::kind::passed:
      ++so_far.passed;
      return say("passed         " + file);
    case verdict::kind::failed:
      ++so_far.failed;
      return say("failed         " + line + ": " + told.reason);
    case verdict::kind::not_supported:
      ++so_far.not_supported;
      return say("not supported  " + file + ": " + told.reason);
    case verdict::kind::malformed:
      ++so_far.failed;
      return say("failed         " + line + ":" + std::to_string(told.column) + ": " + told.reason);
  }
}

void run_file(const std::string& file, ip_version version, totals& so_far) {
  std::ifstream from(file, std::ios::binary);
  const std::string source((std::istreambuf_iterator<char>(from)), {});
  if (!from) {
    ++so_far.failed;
    return say("failed         " + file + ": cannot be read");
  }
  report(file, run_script(source, version), so_far);
}

int run(std::vector<std::string_view> arguments) {
  ip_version version = ip_version::v4;
  std::vector<std::string> files;
  for (const std::string_view each : arguments) {
    if (each == "--help" || each == "-h") {
      std::fputs(help.data(), stdout);
      return exit_passed;
    }
    if (each == "--ip_version=ipv6" || each == "--ip_version=ipv4") {
      version = each.ends_with('6') ? ip_version::v6 : ip_version::v4;
    } else if (each.starts_with('-')) {
      return refuse("unknown option " + std::string(each));
    } else if (std::filesystem::is_directory(each)) {
      std::ranges::move(scripts_in(each), std::back_inserter(files));
    } else if (std::filesystem::exists(each)) {
      files.emplace_back(each);
    } else {
      return refuse("there is no file " + std::string(each));
    }
  }
  if (files.empty()) return refuse("no scripts are given");
  totals all;
  for (const std::string& each : files) run_file(each, version, all);
  say(std::to_string(all.passed) + " passed, " + std::to_string(all.failed) + " failed, " +
      std::to_string(all.not_supported) + " not supported");
  return all.failed == 0 && all.passed != 0 ? exit_passed : exit_failed;
}

}  // namespace
}  // namespace pentad::packet_scripts

int main(int argc, char** argv) {
  try {
    return pentad::packet_scripts::run({argv + 1, argv + argc});
  } catch (const std::exception& error) {
    std::fputs((std::string("pentad-pkt: ") + error.what() + "\n").c_str(), stderr);
    return pentad::packet_scripts::exit_failed;
  }
}
