#include "apps/messenger/irc/line_splitter.hpp"

#include <algorithm>

namespace pentad::messenger::irc {
namespace {

/// Where the first line of `text` ends, or npos.
std::size_t find_line_end(std::string_view text) noexcept {
  const std::size_t line_feed = text.find('\n');
  const std::size_t carriage_return = text.substr(0, line_feed).find('\r');
  return std::min(carriage_return, line_feed);
}

/// Where the next line begins.
std::size_t after_line_end(std::string_view text, std::size_t end) noexcept {
  return end + (text.substr(end).starts_with("\r\n") ? 2 : 1);
}

}  // namespace

std::optional<line_splitter::line> line_splitter::next(std::size_t longest) {
  if (taken_ < kept_.size()) {
    if (std::optional<line> found = next_kept(longest)) return found;
  } else {
    release_kept();
  }
  return next_fed(longest);
}

/// A line that ends in the kept bytes.
std::optional<line_splitter::line> line_splitter::next_kept(std::size_t longest) {
  while (taken_ < kept_.size()) {
    const std::string_view rest = std::string_view{kept_}.substr(taken_);
    const std::size_t end = find_line_end(rest);
    if (end == rest.npos) {
      if (discarding_) release_kept();
      if (held() > longest) return overflow();
      return std::nullopt;
    }
    taken_ += after_line_end(rest, end);
    if (discarding_) {
      discarding_ = false;
      continue;
    }
    if (end > longest) return line{{}, true};
    if (end > 0) return line{rest.substr(0, end)};
  }
  release_kept();
  return std::nullopt;
}

/// A line that ends in the fed bytes; it may have begun in the kept ones.
std::optional<line_splitter::line> line_splitter::next_fed(std::size_t longest) {
  while (!fed_.empty()) {
    const std::size_t end = find_line_end(fed_);
    if (end == fed_.npos) {
      if (discarding_) fed_ = {};
      if (held() + fed_.size() > longest) return overflow();
      return std::nullopt;
    }
    const std::string_view found = fed_.substr(0, end);
    fed_.remove_prefix(after_line_end(fed_, end));
    if (discarding_) {
      discarding_ = false;
      continue;
    }
    if (held() + found.size() > longest) {
      release_kept();
      return line{{}, true};
    }
    if (held() > 0) {
      const std::size_t start = taken_;
      kept_.append(found);
      taken_ = kept_.size();
      return line{std::string_view{kept_}.substr(start)};
    }
    if (!found.empty()) return line{found};
  }
  return std::nullopt;
}

/// Throws away a line whose end has not come yet.
std::optional<line_splitter::line> line_splitter::overflow() {
  release_kept();
  fed_ = {};
  discarding_ = true;
  return line{{}, true};
}

void line_splitter::keep() {
  if (taken_ == kept_.size()) release_kept();
  kept_.erase(0, taken_);
  taken_ = 0;
  kept_.append(fed_);
  fed_ = {};
}

void line_splitter::release_kept() noexcept {
  std::string{}.swap(kept_);
  taken_ = 0;
}

}  // namespace pentad::messenger::irc
