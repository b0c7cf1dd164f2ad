/// Words addresses for people and logs.
package enum AddressText {
    /// Cuts what may be a secret: the query, the fragment, and what stands before an `@` in the authority.
    package static func withoutSecrets(_ text: String) -> String {
        let head = text.prefix { $0 != "?" && $0 != "#" }
        guard let at = head.lastIndex(of: "@") else { return String(head) }
        return "…\(head[at...])"
    }
}
