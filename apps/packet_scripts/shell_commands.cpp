#include "apps/packet_scripts/shell_commands.hpp"

#include <charconv>
#include <string>
#include <vector>

#include "apps/packet_scripts/script.hpp"

namespace pentad::packet_scripts {
namespace {

using words = std::vector<std::string>;

// Words end at spaces, commands at the ends of lines, `;` and `&&`; quotes are taken off, and
// comments and redirections with them.
std::vector<words> commands_in(std::string_view text) {
  std::vector<words> commands(1);
  std::string word;
  char quote = 0;
  const auto end_word = [&] {
    if (!word.empty()) commands.back().push_back(std::move(word));
    word.clear();
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quote != 0) {
      if (c == quote)
        quote = 0;
      else
        word += c;
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '#' && word.empty()) {
      while (i + 1 < text.size() && text[i + 1] != '\n') ++i;
    } else if (c == '\n' || c == ';' || c == '&') {
      end_word();
      const bool redirects = c == '&' && i != 0 && text[i - 1] == '>';
      if (!redirects && !commands.back().empty()) commands.emplace_back();
    } else if (c == ' ' || c == '\t' || c == '\r') {
      end_word();
    } else if (c != '\\') {
      word += c;
    }
  }
  end_word();
  for (words& each : commands) {
    std::erase_if(each, [](const std::string& one) {
      return one.find('>') != std::string::npos || one == "/dev/null" || one == "1";
    });
  }
  std::erase_if(commands, [](const words& each) { return each.empty(); });
  return commands;
}

std::string_view name_of(std::string_view path) {
  return path.substr(std::min(path.rfind('/') + 1, path.size()));
}

// `key=value`, `key = value`.
bool apply_all(const words& command, host_settings& settings) {
  bool has_set = false;
  for (std::size_t i = 1; i < command.size(); ++i) {
    if (command[i].starts_with('-')) continue;
    const std::size_t equals = command[i].find('=');
    if (equals == std::string::npos && i + 2 < command.size() && command[i + 1] == "=") {
      apply_sysctl(command[i], command[i + 2], settings);
      i += 2;
    } else if (equals == std::string::npos) {
      throw unsupported("the command '" + command[0] + " " + command[i] + "'");
    } else {
      apply_sysctl(std::string_view(command[i]).substr(0, equals),
                   std::string_view(command[i]).substr(equals + 1), settings);
    }
    has_set = true;
  }
  return has_set;
}

std::string joined(const words& command) {
  std::string text;
  for (const std::string& each : command) text += (text.empty() ? "" : " ") + each;
  return text;
}

// `$((15*1024*1024))`, in the place of which its value comes.
std::string with_products(std::string text) {
  for (std::size_t begin = 0; (begin = text.find("$((", begin)) != std::string::npos; ++begin) {
    const std::size_t end = text.find("))", begin);
    if (end == std::string::npos) break;
    std::uint64_t product = 1;
    const char* at = text.data() + begin + 3;
    for (bool goes_on = true; goes_on; ++at) {
      std::uint64_t factor = 0;
      const auto [stopped, error] = std::from_chars(at, text.data() + end, factor);
      if (error != std::errc{}) throw unsupported("the arithmetic in '" + text + "'");
      product *= factor;
      at = stopped;
      goes_on = *at == '*';
    }
    text.replace(begin, end + 2 - begin, std::to_string(product));
  }
  return text;
}

// What has no meaning for a link without a kernel.
bool means_nothing(const words& command) {
  const std::string_view name = name_of(command[0]);
  const std::string whole = joined(command);
  const bool harms_packets =
      whole.find("limit") != std::string::npos || whole.find("netem") != std::string::npos;
  return (name == "tc" && !harms_packets) || whole == "nstat -n" || name == "ethtool" ||
         name == "sync" || name == "true" || name == "rm" || name.starts_with("sysctl_restore_") ||
         name == "sleep" || whole.starts_with("ip tcp_metrics");
}

bool apply_command(const words& command, host_settings& settings) {
  const std::string_view name = name_of(command[0]);
  if (name == "sysctl" || name == "set_sysctls.py") return apply_all(command, settings);
  if (name == "defaults.sh") {
    apply_defaults(settings);
    return true;
  }
  if (means_nothing(command)) return false;
  throw unsupported("the command '" + joined(command) + "'");
}

}  // namespace

void apply_defaults(host_settings& settings) {
  apply_sysctl("net.ipv4.tcp_rmem", "4096 540000 15728640", settings);
  apply_sysctl("net.ipv4.tcp_wmem", "4096 262144 4194304", settings);
  apply_sysctl("net.ipv4.tcp_timestamps", "1", settings);
  apply_sysctl("net.ipv4.tcp_syn_retries", "5", settings);
  apply_sysctl("net.ipv4.tcp_synack_retries", "5", settings);
  apply_sysctl("net.ipv4.tcp_sack", "1", settings);
  apply_sysctl("net.ipv4.tcp_congestion_control", "cubic", settings);
  apply_sysctl("net.ipv4.tcp_slow_start_after_idle", "0", settings);
  apply_sysctl("net.ipv4.tcp_ecn", "0", settings);
  apply_sysctl("net.ipv4.tcp_fastopen", "0x403", settings);
}

bool apply_commands(std::string_view commands, host_settings& settings) {
  bool has_set = false;
  for (const words& each : commands_in(with_products(std::string(commands)))) {
    if (apply_command(each, settings)) has_set = true;
  }
  return has_set;
}

}  // namespace pentad::packet_scripts
