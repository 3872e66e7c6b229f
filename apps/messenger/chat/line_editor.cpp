#include "apps/messenger/chat/line_editor.hpp"

#include <algorithm>
#include <utility>

#include "apps/terminal/code_point.hpp"

namespace pentad::messenger::chat {

using terminal::code_point;
using terminal::first_code_point;
using terminal::key;
using terminal::key_kind;
namespace {

bool is_continuation(char c) noexcept { return (static_cast<unsigned char>(c) & 0xc0U) == 0x80U; }

}  // namespace

std::optional<std::string> line_editor::press(const key& pressed) {
  switch (pressed.kind) {
    case key_kind::character:
      insert(pressed.text);
      break;
    case key_kind::enter:
      return enter();
    case key_kind::left:
      cursor_ = left_of(cursor_);
      break;
    case key_kind::right:
      cursor_ = right_of(cursor_);
      break;
    case key_kind::word_left:
      cursor_ = word_left_of(cursor_);
      break;
    case key_kind::word_right:
      cursor_ = word_right_of(cursor_);
      break;
    case key_kind::home:
      cursor_ = 0;
      break;
    case key_kind::end:
      cursor_ = text_.size();
      break;
    case key_kind::up:
      if (recalled_ > 0) recall(recalled_ - 1);
      break;
    case key_kind::down:
      if (recalled_ < entered_.size()) recall(recalled_ + 1);
      break;
    case key_kind::erase_left:
      erase(left_of(cursor_), cursor_);
      break;
    case key_kind::erase_right:
    case key_kind::end_of_input:
      erase(cursor_, right_of(cursor_));
      break;
    case key_kind::erase_word:
      erase(word_left_of(cursor_), cursor_);
      break;
    case key_kind::erase_to_start:
      erase(0, cursor_);
      break;
    case key_kind::erase_to_end:
      erase(cursor_, text_.size());
      break;
    case key_kind::redraw:
    case key_kind::interrupt:
    case key_kind::suspend:
      break;
  }
  return std::nullopt;
}

line_editor::view line_editor::shown(std::size_t columns) const noexcept {
  // The text before the cursor is shown from its first character, or as much of its end as fits;
  // the cursor itself needs a column, too.
  const std::size_t most = columns > 1 ? columns - 1 : 0;
  std::size_t start = 0;
  std::size_t before = width_.of(std::string_view(text_).substr(0, cursor_));
  while (before > most) {
    const std::size_t next = right_of(start);
    before -= width_.of(std::string_view(text_).substr(start, next - start));
    start = next;
  }
  std::size_t end = cursor_;
  std::size_t used = before;
  while (end < text_.size()) {
    const std::size_t next = right_of(end);
    used += width_.of(std::string_view(text_).substr(end, next - end));
    if (used > columns) break;
    end = next;
  }
  return {std::string_view(text_).substr(start, end - start), before};
}

std::size_t line_editor::left_of(std::size_t at) const noexcept {
  while (at > 0) {
    do --at;
    while (at > 0 && is_continuation(text_[at]));
    if (width_.of(first_code_point(std::string_view(text_).substr(at)).value) > 0) break;
  }
  return at;
}

std::size_t line_editor::right_of(std::size_t at) const noexcept {
  if (at == text_.size()) return at;
  at += first_code_point(std::string_view(text_).substr(at)).size;
  while (at < text_.size()) {
    const code_point next = first_code_point(std::string_view(text_).substr(at));
    if (width_.of(next.value) > 0) break;
    at += next.size;
  }
  return at;
}

std::size_t line_editor::word_left_of(std::size_t at) const noexcept {
  while (at > 0 && text_[at - 1] == ' ') --at;
  while (at > 0 && text_[at - 1] != ' ') --at;
  return at;
}

std::size_t line_editor::word_right_of(std::size_t at) const noexcept {
  while (at < text_.size() && text_[at] == ' ') ++at;
  while (at < text_.size() && text_[at] != ' ') ++at;
  return at;
}

void line_editor::insert(std::string_view typed) {
  if (text_.size() + typed.size() > longest) return;
  text_.insert(cursor_, typed);
  cursor_ += typed.size();
}

void line_editor::erase(std::size_t from, std::size_t to) {
  text_.erase(from, to - from);
  cursor_ = from;
}

std::string line_editor::enter() {
  std::string line = std::exchange(text_, {});
  cursor_ = 0;
  draft_.clear();
  if (!line.empty() && (entered_.empty() || entered_.back() != line)) {
    if (entered_.size() == history) entered_.pop_front();
    entered_.push_back(line);
  }
  recalled_ = entered_.size();
  return line;
}

void line_editor::recall(std::size_t which) {
  if (recalled_ == entered_.size()) draft_ = text_;
  recalled_ = which;
  text_ = which == entered_.size() ? draft_ : entered_[which];
  cursor_ = text_.size();
}

}  // namespace pentad::messenger::chat
