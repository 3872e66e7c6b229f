#include "pentad/socket/names/configuration_reader.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <iterator>
#include <string_view>

#include "pentad/runtime/blocking.hpp"

namespace pentad::names {
namespace {

file_version version_of(const std::string& path) {
  struct stat found{};
  if (::stat(path.c_str(), &found) != 0) return {};
  return {found.st_mtim.tv_sec, found.st_mtim.tv_nsec, found.st_ino, found.st_size};
}

std::string text_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// Behind the first dot of this machine's name: resolv.conf(5), `search`.
std::string own_domain() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0) return {};
  const std::string_view text(name.data());
  const std::size_t dot = text.find('.');
  return std::string(dot == std::string_view::npos ? std::string_view() : text.substr(dot + 1));
}

configuration_reader::shared read(const resolver_files& files) {
  resolver_configuration made =
      resolver_configuration::parse(text_of(files.configuration), own_domain());
  made.hosts = hosts_file::parse(text_of(files.hosts));
  return std::make_shared<const resolver_configuration>(std::move(made));
}

}  // namespace

configuration_reader::configuration_reader(const name_service& service) {
  if (service.files() != nullptr) {
    files_ = *service.files();
  } else if (service.live() != nullptr) {
    live_ = *service.live();
  } else {
    known_ = std::make_shared<const resolver_configuration>(*service.configuration());
  }
}

configuration_reader::versions configuration_reader::find_versions() const {
  return {version_of(files_->configuration), version_of(files_->hosts)};
}

task<result<configuration_reader::shared>> configuration_reader::current() {
  if (live_) co_return live_();
  if (!files_) co_return known_;
  const versions found = find_versions();
  if (known_ && found == of_known_) co_return known_;
  // A table of hosts may have a million lines.
  const auto read_files = [this] { return read(*files_); };
  result<shared> made = co_await blocking(read_files);
  if (!made) co_return made;
  known_ = std::move(*made);
  of_known_ = found;
  co_return known_;
}

}  // namespace pentad::names
