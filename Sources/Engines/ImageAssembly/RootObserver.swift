/// Is shown what goes into a root image while it is read, the only time that all of it is.
package protocol RootObserver: AnyObject {
    /// A file with content begins; all of its content follows by `take`, then `end`.
    ///
    /// - Parameters:
    ///   - path: without leading slash.
    ///   - hasFurtherNames: whether links to it may follow.
    func begin(_ path: String, hasFurtherNames: Bool) throws

    /// Takes the next bytes of the file.
    func take(_ bytes: Span<UInt8>) throws

    /// Ends the file.
    func end() throws

    /// Takes a symbolic link with its target.
    func symbolicLink(_ path: String, to target: String) throws

    /// Takes a further name of a file that came before, by the name under which it came.
    func hardLink(_ path: String, to first: String) throws
}
