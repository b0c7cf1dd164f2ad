import Glibc

/// A POSIX extended regular expression.
///
/// The corresponding C functions are `regcomp` and `regexec`.
@safe package struct PosixPattern: ~Copyable {
    /// The longest expression that is taken, in bytes: the C library's compiler has no limit of its own.
    private static let limit = 1024
    private let compiled: UnsafeMutablePointer<regex_t>

    /// Compiles an expression; nil when it is none, or too long.
    package init?(_ expression: String) {
        guard expression.utf8.count <= Self.limit, !expression.utf8.contains(0) else { return nil }
        let pattern = UnsafeMutablePointer<regex_t>.allocate(capacity: 1)
        unsafe pattern.initialize(to: regex_t())
        guard unsafe regcomp(pattern, expression, REG_EXTENDED | REG_NOSUB) == 0 else {
            unsafe pattern.deallocate()
            return nil
        }
        unsafe compiled = unsafe pattern
    }

    deinit {
        unsafe regfree(compiled)
        unsafe compiled.deallocate()
    }

    /// Whether a text has a part that matches.
    package borrowing func matches(_ text: String) -> Bool { unsafe regexec(compiled, text, 0, nil, 0) == 0 }

    /// Whether a text has a part that matches an expression; nil when it is none.
    package static func matches(_ expression: String, _ text: String) -> Bool? {
        guard let pattern = PosixPattern(expression) else { return nil }
        return pattern.matches(text)
    }
}
