/// What a client may cost a server.
package struct ServingLimits: Equatable, Sendable {
    /// The longest field of a request's head, and the longest target, in bytes.
    package var fieldLength = 8 << 10
    /// The longest head of a request, in bytes.
    package var headLength = 32 << 10
    /// The most fields of a request.
    package var fieldCount = 100
    /// The longest body of a request, in bytes; what is sent is thrown away.
    package var bodyLength = 64 << 10
    /// The time for the first request, from the connection on.
    package var requestTime = Duration.seconds(10)
    /// The time for a further request, from the last answer on.
    package var idleTime = Duration.seconds(60)
    /// The time in which a client must take a piece of an answer.
    package var pieceTime = Duration.seconds(60)
    /// The most connections at once; others wait until one ends.
    package var connections = 256
    /// The time that answers have to end in when the server stops.
    package var stopTime = Duration.seconds(10)

    /// The bytes of a piece, which is what a client who takes nothing keeps in memory.
    static let piece = 128 << 10

    /// The limits that boatyard has.
    package init() {}
}
