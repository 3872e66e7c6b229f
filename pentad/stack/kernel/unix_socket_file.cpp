#include "pentad/stack/kernel/unix_socket_file.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <utility>

namespace pentad::kernel {

unix_socket_file::unix_socket_file(const socket_address& bound) {
  if (bound.is_ip() || bound.unix_path().is_abstract()) return;
  std::string path(bound.unix_path().path());
  struct stat file;
  if (::lstat(path.c_str(), &file) != 0) return;
  path_ = std::move(path);
  device_ = file.st_dev;
  inode_ = file.st_ino;
}

unix_socket_file& unix_socket_file::operator=(unix_socket_file&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(device_, other.device_);
  std::swap(inode_, other.inode_);
  return *this;
}

unix_socket_file::~unix_socket_file() {
  if (path_.empty()) return;
  struct stat file;
  if (::lstat(path_.c_str(), &file) != 0) return;
  if (file.st_dev == device_ && file.st_ino == inode_) ::unlink(path_.c_str());
}

}  // namespace pentad::kernel
