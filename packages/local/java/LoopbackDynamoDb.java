import java.lang.reflect.Field;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import software.amazon.dynamodb.services.local.main.ServerRunner;
import software.amazon.dynamodb.services.local.server.DynamoDBProxyServer;

/**
 * Starts DynamoDB Local on the loopback interface. Its own main class listens on every interface, without asking for
 * credentials, and has no option for it.
 *
 * The class file is committed beside this source, since a Java runtime without a compiler is enough to run the stack:
 * javac --release 17 -g:none -cp "$JAR_DIR/DynamoDBLocal.jar:$JAR_DIR/DynamoDBLocal_lib/*" LoopbackDynamoDb.java
 */
public final class LoopbackDynamoDb {
  public static void main(String[] arguments) {
    try {
      DynamoDBProxyServer dynamodb = ServerRunner.createServerFromCommandLineArgs(arguments);
      Field jetty = DynamoDBProxyServer.class.getDeclaredField("server");
      jetty.setAccessible(true);
      for (Connector connector : ((Server) jetty.get(dynamodb)).getConnectors()) {
        ((ServerConnector) connector).setHost("127.0.0.1");
      }
      dynamodb.start();
    } catch (Throwable error) {
      error.printStackTrace();
      System.exit(1);
    }
  }
}
