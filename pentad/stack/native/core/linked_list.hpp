// A list whose links are in what it holds: first in, first out, and anything can leave it at any
// time without a search.
#pragma once

#include <utility>

namespace pentad::native {

/// The place of an object in one list, a member of it.
template <class T>
struct list_hook {
  T* next = nullptr;
  T** from = nullptr;  // what points at it; null while it is in no list

  bool in_list() const noexcept { return from != nullptr; }
};

/// `Hook` is the member for this list. Objects must leave it before they die.
template <class T, list_hook<T> T::* Hook>
class linked_list {
 public:
  linked_list() = default;
  linked_list(const linked_list&) = delete;
  linked_list& operator=(const linked_list&) = delete;

  bool empty() const noexcept { return first_ == nullptr; }

  /// Nothing happens if it is in the list already.
  void push_back(T& added) noexcept {
    list_hook<T>& hook = added.*Hook;
    if (hook.in_list()) return;
    hook.next = nullptr;
    hook.from = last_;
    *last_ = &added;
    last_ = &hook.next;
  }

  /// Null from an empty list.
  T* pop_front() noexcept {
    T* const first = first_;
    if (first != nullptr) erase(*first);
    return first;
  }

  /// Nothing happens if it is in no list.
  void erase(T& removed) noexcept {
    list_hook<T>& hook = removed.*Hook;
    if (!hook.in_list()) return;
    *hook.from = hook.next;
    if (hook.next != nullptr) {
      (hook.next->*Hook).from = hook.from;
    } else {
      last_ = hook.from;
    }
    hook.from = nullptr;
  }

 private:
  T* first_ = nullptr;
  T** last_ = &first_;
};

}  // namespace pentad::native
