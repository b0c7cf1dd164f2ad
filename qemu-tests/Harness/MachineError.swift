/// A failure of a machine test: what was being done, and what was found instead.
struct MachineError: Error, CustomStringConvertible {
    /// What was attempted, such as "wait for the guest's hello".
    let operation: String
    /// What was found.
    let cause: String
    /// The last lines of the guest's serial console, when there is one.
    var serialTail = ""

    init(_ operation: String, _ cause: String) {
        self.operation = operation
        self.cause = cause
    }

    var description: String {
        "\(operation): \(cause)." + (serialTail.isEmpty ? "" : "\n--- serial console ---\n\(serialTail)")
    }
}
